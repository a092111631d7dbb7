/**
 * The lab over real sockets, with an HTTP/1.1 that is written by hand so that it can misbehave, and
 * reads nothing unless told: start with {@link dev.headgate.tck.lab.socket.SocketEnvironment}.
 *
 * <p>Knows no backend and no rule.
 */
@NullMarked
package dev.headgate.tck.lab.socket;

import org.jspecify.annotations.NullMarked;
