package dev.headgate.jetty;

import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.BrokenBackends;
import dev.headgate.tck.broken.ForwardingInterceptor;
import dev.headgate.tck.broken.Mutant;
import dev.headgate.tck.lab.TckEnvironment;
import java.util.List;
import java.util.function.Predicate;

/** The backend with sockets, broken where only it can be: in its tunnels. */
class BrokenTunnelsTest extends BrokenBackends {
  @Override
  protected List<Mutant> mutants() {
    return TunnelMutants.all().toList();
  }

  @Override
  protected TckEnvironment wrapped() {
    return new BrokenSockets(wrapping(), Breaches.interceptor(ForwardingInterceptor::new));
  }

  @Override
  protected Predicate<String> complete() {
    return rule -> rule.startsWith("T-");
  }
}
