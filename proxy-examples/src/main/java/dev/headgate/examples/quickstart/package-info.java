/**
 * The quick start: a proxy in front of an event stream, a first request through it, and what each
 * plugin did.
 *
 * <p>Start with {@link dev.headgate.examples.quickstart.Quickstart}. Knows the facade and the
 * bundled plugins; nothing of a backend.
 */
@NullMarked
package dev.headgate.examples.quickstart;

import org.jspecify.annotations.NullMarked;
