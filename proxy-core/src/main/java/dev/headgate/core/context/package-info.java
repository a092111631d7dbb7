/**
 * What hooks see of an exchange, and how it is undone when one fails. Start with {@link
 * dev.headgate.core.context.CallContext}.
 *
 * <p>Knows nothing of the chain, of bodies or of backends.
 */
@NullMarked
package dev.headgate.core.context;

import org.jspecify.annotations.NullMarked;
