/**
 * A command-line tool that runs another one behind a proxy of its own, for one session.
 *
 * <p>Start with {@link dev.headgate.examples.sessioncli.SessionCli}. Knows the facade and the
 * bundled plugins; nothing of a backend.
 */
@NullMarked
package dev.headgate.examples.sessioncli;

import org.jspecify.annotations.NullMarked;
