package dev.headgate.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plugin whose failure may not be passed over has failed, or is suspended.
 *
 * @param code what went wrong
 * @param phase where
 * @param detail a sentence for the client; it names the plugin by its id
 * @param pluginId the plugin's id
 * @param hook the hook's method name, such as {@code onRequest}
 * @param cause the cause, for the log only; null when there is none
 */
public record PluginFault(
    ErrorCode code,
    Phase phase,
    String detail,
    String pluginId,
    String hook,
    @Nullable Throwable cause)
    implements ProxyError {
  /**
   * Checks that nothing but the cause is null.
   *
   * @param code what went wrong
   * @param phase where
   * @param detail a sentence for the client
   * @param pluginId the plugin's id
   * @param hook the hook's method name, such as {@code onRequest}
   * @param cause the cause, for the log only
   */
  public PluginFault {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(pluginId, "pluginId");
    Objects.requireNonNull(hook, "hook");
  }
}
