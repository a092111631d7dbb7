package dev.headgate.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's request is at fault, or the client went away.
 *
 * @param code what went wrong
 * @param phase where
 * @param detail a sentence for the client
 * @param cause the cause, for the log only; null when there is none
 */
public record ClientFault(ErrorCode code, Phase phase, String detail, @Nullable Throwable cause)
    implements ProxyError {
  /**
   * Checks that nothing but the cause is null.
   *
   * @param code what went wrong
   * @param phase where
   * @param detail a sentence for the client
   * @param cause the cause, for the log only
   */
  public ClientFault {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(detail, "detail");
  }

  /**
   * Makes one without a cause.
   *
   * @param code what went wrong
   * @param phase where
   * @param detail a sentence for the client
   */
  public ClientFault(ErrorCode code, Phase phase, String detail) {
    this(code, phase, detail, null);
  }
}
