/**
 * Benchmarks of the proxy's parts, without sockets: a backend that answers on the caller's thread
 * lets an exchange run from its first step to its last within one call.
 *
 * <p>Start with {@link dev.headgate.benchmarks.parts.ChainBenchmark}. Knows the engine and its SPI;
 * no other proxy.
 */
@NullMarked
package dev.headgate.benchmarks.parts;

import org.jspecify.annotations.NullMarked;
