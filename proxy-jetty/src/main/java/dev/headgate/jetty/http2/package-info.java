/**
 * What both sides need of HTTP/2: fields, bodies, limits against floods. Start with {@link
 * dev.headgate.jetty.http2.StreamBody}. Frames, compression, streams and flow control are Jetty's.
 * Must not know the listening side nor the upstream side.
 */
@NullMarked
package dev.headgate.jetty.http2;

import org.jspecify.annotations.NullMarked;
