package dev.headgate.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * A step of a plugin's life cycle was refused, by the registry or by the plugin; nothing has
 * changed.
 */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was refused and why, naming the plugin
   * @param cause what the plugin threw; null where the registry refused
   */
  public PluginException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
