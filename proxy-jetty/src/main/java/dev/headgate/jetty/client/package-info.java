/**
 * The upstream side: a client of HTTP/1.1 and HTTP/2 on the engine's selectors. Start with {@link
 * dev.headgate.jetty.client.JettyClient}; one request is a {@code Call}, which gets a connection
 * from a {@code TargetPool}, on which a {@code Transfer} or {@code Http2Transfer} sends it and
 * reads the answer. Must not know the listening side.
 */
@NullMarked
package dev.headgate.jetty.client;

import org.jspecify.annotations.NullMarked;
