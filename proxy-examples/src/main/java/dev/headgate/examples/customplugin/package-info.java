/**
 * A plugin of one's own in twenty lines.
 *
 * <p>It is {@link dev.headgate.examples.customplugin.RequestLimitPlugin}; its test shows how a
 * plugin is tested. Knows the plugin contract only.
 */
@NullMarked
package dev.headgate.examples.customplugin;

import org.jspecify.annotations.NullMarked;
