package dev.headgate.jetty;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.BrokenBackends;
import dev.headgate.tck.broken.ForwardingInterceptor;
import dev.headgate.tck.broken.Mutant;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.rules.RuleCatalog;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The backend with sockets, broken where only it can be: in tunnels, parser and address. */
class BrokenTunnelsTest extends BrokenBackends {
  @Override
  protected List<Mutant> mutants() {
    return Stream.of(
            TunnelMutants.all(), ConnectMutants.all(), ListenerMutants.all(), ParserMutants.all())
        .flatMap(some -> some)
        .toList();
  }

  @Override
  protected TckEnvironment wrapped() {
    return new BrokenSockets(wrapping(), Breaches.interceptor(ForwardingInterceptor::new));
  }

  @Override
  protected Predicate<String> complete() {
    return rule ->
        rule.startsWith("T-")
            || (rule.matches("[LH]-.*")
                && RuleCatalog.find(rule).needs().contains(Capability.SOCKETS))
            || (rule.matches("[FI]-.*")
                && RuleCatalog.find(rule).needs().contains(Capability.CONNECT));
  }
}
