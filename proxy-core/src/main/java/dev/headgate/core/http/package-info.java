/**
 * Heads as the engine and the backends handle them. Start with {@link
 * dev.headgate.core.http.HeaderList}.
 *
 * <p>Knows nothing of exchanges, plugins or backends.
 */
@NullMarked
package dev.headgate.core.http;

import org.jspecify.annotations.NullMarked;
