/**
 * What a forward proxy may reach, for whom, and by which way: rules for hosts, ports and addresses,
 * authentication of clients, and proxies behind it.
 *
 * <p>Start with {@link dev.headgate.core.forward.ForwardOptions}, which {@code Proxy.builder()}
 * takes; {@link dev.headgate.core.forward.Forwarding} is what it becomes when the proxy starts.
 * Must not know exchanges.
 */
@NullMarked
package dev.headgate.core.forward;

import org.jspecify.annotations.NullMarked;
