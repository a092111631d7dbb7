/**
 * The upstream side: a client of HTTP/1.1 on the engine's selectors. Start with {@link
 * dev.headgate.jetty.client.Http1Client}; one request is a {@code Call}, which gets a connection
 * from a {@code TargetPool}, on which a {@code Transfer} sends it and reads the answer. Must not
 * know the listening side.
 */
@NullMarked
package dev.headgate.jetty.client;

import org.jspecify.annotations.NullMarked;
