/**
 * An application on the module path. Start with {@link dev.headgate.verify.Smoke}. It must not know
 * a backend.
 */
@NullMarked
package dev.headgate.verify;

import org.jspecify.annotations.NullMarked;
