/**
 * The load comparison: the same load through each proxy, in turn, on one machine, with what it
 * costs the proxy's process as the operating system counts it.
 *
 * <p>Start with {@link dev.headgate.benchmarks.compare.Compare}. Knows the proxies as processes
 * only.
 */
@NullMarked
package dev.headgate.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
