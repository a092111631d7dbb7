/**
 * What both sides of HTTP/1.1 have in common: reading a message, and writing one with its framing.
 * Start with {@link dev.headgate.jetty.http1.MessageReader} and {@link
 * dev.headgate.jetty.http1.MessageWriter}. Must not know connections, clients or servers.
 */
@NullMarked
package dev.headgate.jetty.http1;

import org.jspecify.annotations.NullMarked;
