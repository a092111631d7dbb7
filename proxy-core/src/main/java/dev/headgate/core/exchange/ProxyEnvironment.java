package dev.headgate.core.exchange;

import dev.headgate.api.Session;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.ContentCodings;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Limits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.error.ErrorRenderer;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import dev.headgate.core.overload.AdmissionQueue;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.Router;
import dev.headgate.core.spi.Engine;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all exchanges of one proxy share. Immutable.
 *
 * @param engine the running backend
 * @param session the proxy's session
 * @param router where requests go
 * @param chain gives the chain in force
 * @param timeouts for routes that have none of their own
 * @param limits what a client may send
 * @param rates how fast clients must be
 * @param admission who may begin; null for all
 * @param routeAdmissions the same for the routes that have a limit of their own
 * @param codings the content codings at hand
 * @param errors how errors look
 * @param via the proxy's name in Via
 * @param hosts which Host values are served
 * @param egress what it does as a forward proxy; null when it is none
 * @param trusted whose word on earlier hops counts
 * @param forwarded what upstreams are told of clients, for routes that have no setting of their own
 * @param clientCertificate how upstreams are told of clients' certificates; null when they are not
 * @param handlers the links of the routes that have a handler
 */
public record ProxyEnvironment(
    Engine engine,
    Session session,
    Router router,
    Supplier<Chain> chain,
    Timeouts timeouts,
    Limits limits,
    DataRates rates,
    @Nullable AdmissionQueue admission,
    Map<Route, AdmissionQueue> routeAdmissions,
    ContentCodings codings,
    ErrorRenderer errors,
    Via via,
    HostCheck hosts,
    @Nullable Egress egress,
    TrustedClients trusted,
    ForwardedFields forwarded,
    @Nullable ClientCertificateField clientCertificate,
    Map<Route, Link> handlers) {
  /** Whether any exchange may have to wait for its turn. */
  boolean limitsAdmission() {
    return admission != null || !routeAdmissions.isEmpty();
  }
}
