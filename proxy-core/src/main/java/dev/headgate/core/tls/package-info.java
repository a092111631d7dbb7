/**
 * TLS as configured: what a listener shows and asks for, and whom upstreams are trusted by. Plain
 * types of the JDK, so that any backend can use them.
 *
 * <p>Start with {@link dev.headgate.core.tls.ListenerTls} and {@link
 * dev.headgate.core.tls.UpstreamTls}. Knows nothing of connections, backends, routes or plugins.
 */
@NullMarked
package dev.headgate.core.tls;

import org.jspecify.annotations.NullMarked;
