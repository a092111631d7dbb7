/**
 * The upstream for event streams and for large bodies that clients send: one thread, so that it
 * costs the measured proxy as little of the machine as may be.
 *
 * <p>Start with {@link dev.headgate.benchmarks.upstream.StreamUpstream}. Knows nothing of the
 * comparison.
 */
@NullMarked
package dev.headgate.benchmarks.upstream;

import org.jspecify.annotations.NullMarked;
