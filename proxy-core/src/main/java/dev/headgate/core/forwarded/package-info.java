/**
 * What a request says of the intermediaries before it: {@code Forwarded} (RFC 7239) and the fields
 * of {@code X-Forwarded-}. Start with {@link dev.headgate.core.forwarded.ForwardedFields}.
 *
 * <p>Knows nothing of exchanges, routes or backends.
 */
@NullMarked
package dev.headgate.core.forwarded;

import org.jspecify.annotations.NullMarked;
