package dev.headgate.api.error;

import org.jspecify.annotations.Nullable;

/**
 * Why an exchange failed: who is at fault, what happened, where, and whether it may be tried again.
 *
 * <p>Closed: {@link ClientFault}, {@link ProxyFault}, {@link PluginFault}, {@link UpstreamFault}.
 * All are immutable. A client is shown {@link #code()} and {@link #detail()}; never {@link
 * #cause()}.
 */
public sealed interface ProxyError permits ClientFault, ProxyFault, PluginFault, UpstreamFault {
  /**
   * Returns what went wrong.
   *
   * @return the code, which also gives the status
   */
  ErrorCode code();

  /**
   * Returns where it went wrong.
   *
   * @return the phase
   */
  Phase phase();

  /**
   * Returns a sentence for the client's eyes: without names of upstreams, exception texts or
   * secrets.
   *
   * @return the sentence
   */
  String detail();

  /**
   * Returns what caused it, for the log only.
   *
   * @return the cause, or null
   */
  @Nullable Throwable cause();

  /**
   * Returns whether the request is known not to have reached the upstream, so that it may be sent
   * again whatever its method (RFC 9110 §9.2.2).
   *
   * @return true only when that is certain
   */
  default boolean retrySafe() {
    return false;
  }

  /**
   * Returns the status a client gets when its response has not begun.
   *
   * @return 400 to 599
   */
  default int status() {
    return code().status();
  }
}
