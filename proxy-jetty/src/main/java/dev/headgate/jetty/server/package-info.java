/**
 * The listening side: HTTP/1.1 on Jetty's selectors, end points and parser. Start with {@link
 * dev.headgate.jetty.server.JettyListener}, then {@code Http1Connection}. Must not know the
 * upstream side.
 */
@NullMarked
package dev.headgate.jetty.server;

import org.jspecify.annotations.NullMarked;
