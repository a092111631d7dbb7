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
            OrderMutants.all(),
            HeadMutants.all(),
            AnswerMutants.all(),
            LaterMutants.all(),
            StageMutants.all(),
            WholeBodyMutants.all(),
            FaultMutants.all(),
            SuspensionMutants.all(),
            ContextMutants.all(),
            ChangedBodyMutants.all(),
            LifeMutants.all(),
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

  /** All, but for what needs sockets or a tunnel. */
  @Override
  protected Predicate<String> complete() {
    Set<Capability> capabilities = new MemoryEnvironment().capabilities();
    return rule -> capabilities.containsAll(RuleCatalog.find(rule).needs());
  }

  @Override
  protected TckEnvironment wrapped() {
    return new MemoryEnvironment()
        .around(wrapping())
        .adapting(wrappingPlugins(Contexts.wrapping()));
  }
}
