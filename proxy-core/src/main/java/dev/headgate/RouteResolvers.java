package dev.headgate;

import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.CheckedResolver;
import dev.headgate.core.route.Route;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The resolvers of those routes of one proxy that have a policy for addresses (rule 33). */
final class RouteResolvers {
  private static final Duration FOUND = Duration.ofSeconds(30);
  private static final Duration NOT_FOUND = Duration.ofSeconds(5);

  private final List<CheckedResolver> resolvers = new ArrayList<>();

  /** Returns the routes with their resolvers in them, and all others as they are. */
  List<Route> apply(List<Route> routes, LongSupplier nanoTime) {
    List<Route> resolved = new ArrayList<>(routes.size());
    for (Route route : routes) {
      AddressPolicy policy = route.addresses();
      if (policy == null) {
        resolved.add(route);
      } else {
        CheckedResolver resolver =
            new CheckedResolver(policy, route.lookup(), nanoTime, FOUND, NOT_FOUND);
        resolvers.add(resolver);
        resolved.add(route.resolvedBy(resolver));
      }
    }
    return resolved;
  }

  /** Says where the proxy itself listens. */
  void listensOn(InetSocketAddress address) {
    for (CheckedResolver resolver : resolvers) resolver.listensOn(address);
  }
}
