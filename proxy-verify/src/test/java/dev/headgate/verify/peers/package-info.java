/**
 * Programs that other people wrote, talking through a proxy to an upstream that a test directs.
 * Start with {@link dev.headgate.verify.peers.Stage}. Must not know the proxy's insides: what is
 * shown here is shown over the wire.
 */
package dev.headgate.verify.peers;
