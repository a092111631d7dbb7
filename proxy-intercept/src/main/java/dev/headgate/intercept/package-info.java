/**
 * A certificate authority of one's own, and the certificates that it makes for the hosts of
 * inspected tunnels.
 *
 * <p>Start with {@link dev.headgate.intercept.CertificateAuthority}. Knows nothing of connections,
 * exchanges or backends.
 */
@NullMarked
package dev.headgate.intercept;

import org.jspecify.annotations.NullMarked;
