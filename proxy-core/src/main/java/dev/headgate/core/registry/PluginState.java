package dev.headgate.core.registry;

/** What a registered plugin is doing in a proxy. */
public enum PluginState {
  /** It takes part in exchanges. */
  ENABLED,
  /** It does not take part. */
  DISABLED,
  /** It would take part, but failed repeatedly and waits for its cool-down. */
  SUSPENDED
}
