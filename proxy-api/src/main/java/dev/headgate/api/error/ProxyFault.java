package dev.headgate.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The proxy itself can't or will not serve the request.
 *
 * @param code what went wrong
 * @param phase where
 * @param detail a sentence for the client
 * @param cause the cause, for the log only; null when there is none
 */
public record ProxyFault(ErrorCode code, Phase phase, String detail, @Nullable Throwable cause)
    implements ProxyError {
  /**
   * Checks that nothing but the cause is null.
   *
   * @param code what went wrong
   * @param phase where
   * @param detail a sentence for the client
   * @param cause the cause, for the log only
   */
  public ProxyFault {
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
  public ProxyFault(ErrorCode code, Phase phase, String detail) {
    this(code, phase, detail, null);
  }
}
