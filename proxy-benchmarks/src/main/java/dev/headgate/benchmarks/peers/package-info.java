/**
 * The proxies that run on the JVM, each as the program of a process of its own: its only argument
 * is the upstream's port, and {@link dev.headgate.benchmarks.peers.PeerProcess} tells the parent
 * where it listens. All listen on a free loopback port.
 *
 * <p>Start with {@link dev.headgate.benchmarks.peers.HeadgatePeer}. Knows nothing of the
 * comparison.
 */
@NullMarked
package dev.headgate.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
