/**
 * What a session's proxy costs: one more in a running JVM, and the first one in a new JVM.
 *
 * <p>Start with {@link dev.headgate.benchmarks.session.SessionCosts}. Knows the facade, and no
 * other proxy.
 */
@NullMarked
package dev.headgate.benchmarks.session;

import org.jspecify.annotations.NullMarked;
