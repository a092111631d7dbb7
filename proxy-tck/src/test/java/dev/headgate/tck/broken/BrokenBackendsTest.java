package dev.headgate.tck.broken;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import dev.headgate.tck.rules.RuleCatalog;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The in-memory backend, broken in many ways. */
class BrokenBackendsTest extends BrokenBackends {
  static List<Mutant> all() {
    return Stream.of(
            InboundMutants.all(),
            ResponseMutants.all(),
            BodyMutants.all(),
            UpstreamMutants.all(),
            EngineMutants.all(),
            ChainMutants.all(),
            HookMutants.all(),
            ChunkMutants.all(),
            ForwardMutants.all(),
            FieldMutants.all(),
            MessageMutants.all(),
            ErrorMutants.all(),
            OverloadMutants.all(),
            AbortMutants.all(),
            StreamMutants.all())
        .flatMap(some -> some)
        .toList();
  }

  @Override
  protected List<Mutant> mutants() {
    return all();
  }

  /** All of streams, errors, HTTP and the forward proxy that needs neither tunnels nor sockets. */
  @Override
  protected Predicate<String> complete() {
    Set<Capability> capabilities = new MemoryEnvironment().capabilities();
    return rule ->
        rule.matches("[SEHF]-.*") && capabilities.containsAll(RuleCatalog.find(rule).needs());
  }

  @Override
  protected TckEnvironment wrapped() {
    return new MemoryEnvironment()
        .around(wrapping())
        .adapting(
            plugin ->
                Breaches.metadata(metadata -> metadata)
                    .apply(Breaches.interceptor(ForwardingInterceptor::new).apply(plugin)));
  }
}
