/**
 * The plugins of one proxy, in the order of each hook, and what is known of their health.
 *
 * <p>Start with {@link dev.headgate.core.chain.Chain}. Knows nothing of exchanges or of the hook
 * runner.
 */
@NullMarked
package dev.headgate.core.chain;

import org.jspecify.annotations.NullMarked;
