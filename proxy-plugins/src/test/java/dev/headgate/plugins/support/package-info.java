/**
 * Hand-made stand-ins for what a proxy gives to a plugin, for tests without a proxy.
 *
 * <p>Start with {@link dev.headgate.plugins.support.FakePluginContext} and {@link
 * dev.headgate.plugins.support.FakeProxyContext}. They know no plugin.
 */
@NullMarked
package dev.headgate.plugins.support;

import org.jspecify.annotations.NullMarked;
