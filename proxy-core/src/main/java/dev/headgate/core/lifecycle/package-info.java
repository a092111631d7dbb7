/**
 * How plugins come into a proxy, start, stop and leave. Start with {@link
 * dev.headgate.core.lifecycle.ChainRegistry}.
 *
 * <p>Builds the chains that exchanges run on; knows nothing of exchanges.
 */
@NullMarked
package dev.headgate.core.lifecycle;

import org.jspecify.annotations.NullMarked;
