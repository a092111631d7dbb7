package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.PluginFault;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.UpstreamFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** How loudly the log tells of an exchange that failed. */
final class FailureLog {
  private FailureLog() {}

  static void log(Logger log, String id, ProxyError error) {
    if (error instanceof PluginFault) {
      log.debug("[{}] {}", id, error.code().id()); // logged with its stack where it happened
    } else if (error.code().equals(ErrorCode.INTERNAL)) {
      log.error("[{}] {} in {}", id, error.code().id(), error.phase(), error.cause());
    } else if (error instanceof UpstreamFault) {
      log.warn("[{}] {} in {}: {}", id, error.code().id(), error.phase(), summary(error.cause()));
    } else {
      log.debug("[{}] {} in {}", id, error.code().id(), error.phase());
    }
  }

  private static String summary(@Nullable Throwable cause) {
    return cause == null ? "no cause known" : cause.toString();
  }
}
