/**
 * Tests plugins in a few lines: the real engine, without sockets, with a clock that the test moves.
 * Start with {@link dev.headgate.testkit.PluginHarness}.
 *
 * <p>Knows the in-memory backend, and no test framework.
 */
@NullMarked
package dev.headgate.testkit;

import org.jspecify.annotations.NullMarked;
