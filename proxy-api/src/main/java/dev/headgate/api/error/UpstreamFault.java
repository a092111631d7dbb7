package dev.headgate.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The upstream, or the way to it, is at fault.
 *
 * @param code what went wrong
 * @param phase where
 * @param detail a sentence for the client, without the upstream's name
 * @param retrySafe whether the request is known not to have reached the upstream
 * @param cause the cause, for the log only; null when there is none
 */
public record UpstreamFault(
    ErrorCode code, Phase phase, String detail, boolean retrySafe, @Nullable Throwable cause)
    implements ProxyError {
  /**
   * Checks that nothing but the cause is null.
   *
   * @param code what went wrong
   * @param phase where
   * @param detail a sentence for the client, without the upstream's name
   * @param retrySafe whether the request is known not to have reached the upstream
   * @param cause the cause, for the log only
   */
  public UpstreamFault {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(detail, "detail");
  }
}
