/**
 * What a forward proxy may reach, for whom, and by which way: rules for hosts, ports and addresses,
 * authentication of clients, and proxies behind it. Its policy for addresses serves routes too.
 *
 * <p>Start with {@link dev.headgate.core.egress.ForwardOptions}, which {@code Proxy.builder()}
 * takes; {@link dev.headgate.core.egress.Egress} is what it becomes when the proxy starts. Must not
 * know exchanges.
 */
@NullMarked
package dev.headgate.core.egress;

import org.jspecify.annotations.NullMarked;
