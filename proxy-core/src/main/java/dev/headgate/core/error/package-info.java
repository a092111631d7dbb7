/**
 * How errors are shown to clients. Start with {@link dev.headgate.core.error.ErrorRenderer}.
 *
 * <p>Knows the API's errors and responses, nothing of exchanges, chains or backends.
 */
@NullMarked
package dev.headgate.core.error;

import org.jspecify.annotations.NullMarked;
