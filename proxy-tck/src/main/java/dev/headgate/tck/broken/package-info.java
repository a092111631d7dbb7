/**
 * Backends and chains that are broken on purpose, which prove that the rules' tests find what they
 * are for: start with {@link dev.headgate.tck.broken.BrokenBackends}.
 *
 * <p>Knows no rule but by its number.
 */
@NullMarked
package dev.headgate.tck.broken;

import org.jspecify.annotations.NullMarked;
