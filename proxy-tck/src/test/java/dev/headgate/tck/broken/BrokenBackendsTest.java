package dev.headgate.tck.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.tck.Result;
import dev.headgate.tck.Result.Verdict;
import dev.headgate.tck.RuleRunner;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.Waits;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests of the tests: each backend or chain that breaks a rule is caught by that rule. */
class BrokenBackendsTest {
  /** Far above what a step of these rules takes in memory; waiting in vain costs it a few times. */
  private static final Duration SHORT_CEILING = Duration.ofSeconds(1);

  private static final List<String> TABLE = Collections.synchronizedList(new ArrayList<>());
  private static final Map<String, Result> INTACT = new HashMap<>();

  static List<Mutant> mutants() {
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

  /** The same wrappings as the broken ones have, but they pass all on. */
  private static TckEnvironment wrapped() {
    return new MemoryEnvironment()
        .around(
            backend ->
                Stream.of(
                        Breaches.engine(ForwardingEngine::new),
                        Breaches.listener(ForwardingListener::new),
                        Breaches.inbound(ForwardingInbound::new),
                        Breaches.requestBody(ForwardingBody::new),
                        Breaches.upstreamListener(ForwardingUpstreamListener::new),
                        Breaches.responseBody(ForwardingBody::new))
                    .reduce(backend, (inner, around) -> around.apply(inner), (one, two) -> two))
        .adapting(
            plugin ->
                Breaches.metadata(metadata -> metadata)
                    .apply(Breaches.interceptor(ForwardingInterceptor::new).apply(plugin)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void isCaughtByItsRule(Mutant mutant) {
    Result intact = INTACT.computeIfAbsent(mutant.rule(), rule -> RuleRunner.run(wrapped(), rule));
    assertEquals(Verdict.PASSED, intact.verdict(), () -> "intact: " + intact.failure());

    long start = System.nanoTime();
    Result broken = mutant.hangs() ? runShort(mutant) : run(mutant);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

    assertTrue(broken.failed(), () -> "not caught: " + broken + "\n" + broken.log());
    String said = said(broken.failure());
    assertTrue(said.contains(mutant.telling()), () -> "caught for another reason: " + said);
    TABLE.add(row(mutant, broken, millis));
  }

  private static Result run(Mutant mutant) {
    return RuleRunner.run(mutant.environment(), mutant.rule());
  }

  private static Result runShort(Mutant mutant) {
    System.setProperty(Waits.CEILING_PROPERTY, Long.toString(SHORT_CEILING.toMillis()));
    try {
      return run(mutant);
    } finally {
      System.clearProperty(Waits.CEILING_PROPERTY);
    }
  }

  private static String said(Throwable failure) {
    StringBuilder said = new StringBuilder(String.valueOf(failure));
    for (Throwable more : failure.getSuppressed()) said.append('\n').append(more);
    return said.toString();
  }

  private static String row(Mutant mutant, Result broken, long millis) {
    List<String> lines = said(broken.failure()).lines().toList();
    String line =
        lines.stream()
            .filter(one -> one.contains(mutant.telling()))
            .findFirst()
            .orElse(lines.get(0))
            .strip()
            .replaceFirst("^[\\w.]+(Error|Exception): ", "");
    String caught = line.length() > 90 ? line.substring(0, 87) + "..." : line;
    return String.format("  %-44s %-5s %5d ms  %s", mutant.what(), mutant.rule(), millis, caught);
  }

  @AfterAll
  static void showTable() {
    System.out.println(TABLE.size() + " broken backends and chains, and how they were caught");
    TABLE.forEach(System.out::println);
  }
}
