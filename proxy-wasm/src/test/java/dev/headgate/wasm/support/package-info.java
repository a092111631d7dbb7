/**
 * Guests and stand-ins for tests.
 *
 * <p>Start with {@link dev.headgate.wasm.support.Guests}. They know no test.
 */
@NullMarked
package dev.headgate.wasm.support;

import org.jspecify.annotations.NullMarked;
