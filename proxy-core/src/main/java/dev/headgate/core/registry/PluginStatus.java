package dev.headgate.core.registry;

import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import java.util.Set;

/**
 * What a registry knows of a plugin at one moment.
 *
 * @param metadata its metadata, with the priorities in force in this proxy
 * @param state what it is doing
 * @param hooks the hooks that it overrides; empty while it is disabled
 * @param faults how many faults it had since it was last enabled
 * @param suspensions how often it was suspended since then
 */
public record PluginStatus(
    PluginMetadata metadata, PluginState state, Set<Hook> hooks, long faults, long suspensions) {}
