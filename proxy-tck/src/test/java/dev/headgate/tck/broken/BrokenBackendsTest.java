package dev.headgate.tck.broken;

import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.util.List;
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
            ChunkMutants.all())
        .flatMap(some -> some)
        .toList();
  }

  @Override
  protected List<Mutant> mutants() {
    return all();
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
