/**
 * The plugins of a proxy, as the application sees and changes them. Start with {@link
 * dev.headgate.core.registry.PluginRegistry}.
 *
 * <p>Knows nothing of chains or exchanges.
 */
@NullMarked
package dev.headgate.core.registry;

import org.jspecify.annotations.NullMarked;
