/**
 * The way back of a rewritten path: references to the upstream in a response become references to
 * the proxy, as its client knows it. Start with {@link
 * dev.headgate.core.rewrite.UpstreamReferences}.
 *
 * <p>Knows nothing of exchanges, routes or backends.
 */
@NullMarked
package dev.headgate.core.rewrite;

import org.jspecify.annotations.NullMarked;
