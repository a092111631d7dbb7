package dev.headgate.tck.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Backend;
import dev.headgate.tck.Result;
import dev.headgate.tck.Result.Verdict;
import dev.headgate.tck.RuleRunner;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.Waits;
import dev.headgate.tck.rules.RuleCatalog;
import dev.headgate.tck.rules.RuleCatalog.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The tests of the tests: each backend or chain that breaks a rule is caught by that rule, for the
 * reason that is expected, while the same wrappings around an intact one break nothing. A module
 * that has such mutants subclasses this.
 */
public abstract class BrokenBackends {
  /** So many mutants that only wait are run at a time. */
  private static final int WAITING = 4;

  private final List<String> table = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Result> intact = new HashMap<>();
  private final Map<Mutant, Run> waited = new HashMap<>();

  /** For subclasses. */
  protected BrokenBackends() {}

  /**
   * Returns what is broken.
   *
   * @return one for each way to break something
   */
  protected abstract List<Mutant> mutants();

  /**
   * Returns an environment with all wrappings that the mutants have, which pass all on.
   *
   * @return where each rule of a mutant must pass
   * @see #wrapping()
   */
  protected abstract TckEnvironment wrapped();

  /**
   * Says which rules must have a mutant here.
   *
   * @return none by default
   */
  protected Predicate<String> complete() {
    return rule -> false;
  }

  /**
   * Returns the ceiling for mutants that are told by waiting in vain: far above what a step of
   * their rules takes; waiting costs it a few times.
   *
   * @return one second by default
   */
  protected Duration shortCeiling() {
    return Duration.ofSeconds(1);
  }

  /**
   * Returns all wrappings of backends, which pass all on.
   *
   * @return makes of a backend one that is wrapped, but not broken
   */
  protected static UnaryOperator<Backend> wrapping() {
    return backend ->
        Stream.of(
                Breaches.engine(ForwardingEngine::new),
                Breaches.listener(ForwardingListener::new),
                Breaches.inbound(ForwardingInbound::new),
                Breaches.requestBody(ForwardingBody::new),
                Breaches.upstreamListener(ForwardingUpstreamListener::new),
                Breaches.responseBody(ForwardingBody::new),
                Breaches.inspected(ForwardingInspected::new),
                Breaches.clientTunnel(ForwardingTunnel::new),
                Breaches.upstreamTunnel(ForwardingTunnel::new),
                Breaches.tunnelInput(ForwardingBody::new))
            .reduce(backend, (inner, around) -> around.apply(inner), (one, two) -> two);
  }

  /**
   * Returns all wrappings of plugins, which pass all on.
   *
   * @return makes of a plugin one that is wrapped, but not broken
   */
  protected static UnaryOperator<ProxyPlugin> wrappingPlugins() {
    return wrappingPlugins(ForwardingInterceptor::new);
  }

  /**
   * Returns the same, with a wrapping of interceptors of the caller's.
   *
   * @param around passes all on; has all hooks
   * @return makes of a plugin one that is wrapped, but not broken
   */
  protected static UnaryOperator<ProxyPlugin> wrappingPlugins(UnaryOperator<Interceptor> around) {
    return plugin ->
        Stream.of(
                Breaches.metadata(metadata -> metadata),
                Breaches.context(ForwardingPluginContext::new),
                Breaches.interceptor(interceptor -> passing(interceptor, around)))
            .reduce(plugin, (inner, next) -> next.apply(inner), (one, two) -> two);
  }

  /**
   * A wrapping has all hooks, and the core calls those that there are: an interceptor that has
   * fewer stays as it is.
   */
  private static Interceptor passing(Interceptor interceptor, UnaryOperator<Interceptor> around) {
    boolean whole =
        Arrays.stream(interceptor.getClass().getMethods())
            .noneMatch(
                method ->
                    method.getDeclaringClass() == Interceptor.class
                        && method.getName().endsWith("Chunk"));
    return whole ? around.apply(interceptor) : interceptor;
  }

  /**
   * Makes the tests.
   *
   * @return one for each mutant
   */
  @TestFactory
  protected Stream<DynamicTest> eachIsCaughtByItsRule() {
    List<Mutant> mutants = mutants();
    waitInVain(mutants);
    return mutants.stream()
        .map(mutant -> DynamicTest.dynamicTest(mutant.toString(), () -> caught(mutant)));
  }

  /** No rule that must have a mutant is without one. */
  @Test
  protected void eachRuleHasAMutant() {
    Set<String> broken =
        mutants().stream().map(Mutant::rule).collect(Collectors.toCollection(TreeSet::new));
    Set<String> missing =
        RuleCatalog.all().stream()
            .map(Entry::id)
            .filter(complete())
            .filter(id -> !broken.contains(id))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing, "rules without a mutant");
    broken.forEach(RuleCatalog::find);
  }

  private void caught(Mutant mutant) {
    Result whole = intact.computeIfAbsent(mutant.rule(), rule -> RuleRunner.run(wrapped(), rule));
    assertEquals(
        Verdict.PASSED, whole.verdict(), () -> "intact: " + whole.failure() + "\n" + whole.log());

    Run run = waited.containsKey(mutant) ? waited.get(mutant) : run(mutant);
    Result broken = run.result();

    assertTrue(broken.failed(), () -> "not caught: " + broken + "\n" + broken.log());
    String said = said(broken);
    assertTrue(
        said.contains(mutant.telling()),
        () -> "caught for another reason: " + said + "\n" + broken.log());
    table.add(row(mutant, broken, run.millis()));
  }

  /** What came of a mutant, and how long it took. */
  private record Run(Result result, long millis) {}

  private Run run(Mutant mutant) {
    if (!mutant.hangs()) return timed(mutant);
    System.setProperty(Waits.CEILING_PROPERTY, Long.toString(shortCeiling().toMillis()));
    try {
      return timed(mutant);
    } finally {
      System.clearProperty(Waits.CEILING_PROPERTY);
    }
  }

  private static Run timed(Mutant mutant) {
    long start = System.nanoTime();
    Result result = RuleRunner.run(mutant.environment(), mutant.rule());
    return new Run(result, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  /** Runs those that do nothing but wait in vain, several at a time. */
  private void waitInVain(List<Mutant> mutants) {
    System.setProperty(Waits.CEILING_PROPERTY, Long.toString(shortCeiling().toMillis()));
    ExecutorService threads = Executors.newFixedThreadPool(WAITING);
    try {
      Map<Mutant, Future<Run>> runs = new LinkedHashMap<>();
      for (Mutant mutant : mutants) {
        if (mutant.hangs() && mutant.telling().equals(Mutant.IN_VAIN)) {
          runs.put(mutant, threads.submit(() -> timed(mutant)));
        }
      }
      for (Map.Entry<Mutant, Future<Run>> run : runs.entrySet()) {
        waited.put(run.getKey(), run.getValue().get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
      System.clearProperty(Waits.CEILING_PROPERTY);
    }
  }

  private static String said(Result broken) {
    Throwable failure = broken.failure();
    StringBuilder said = new StringBuilder(String.valueOf(failure));
    if (failure == null) return said.toString();
    for (Throwable more : failure.getSuppressed()) said.append('\n').append(more);
    return said.toString();
  }

  private static String row(Mutant mutant, Result broken, long millis) {
    List<String> lines = said(broken).lines().toList();
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

  /** Prints how each was caught. */
  @AfterEach
  protected void showTable() {
    if (table.isEmpty()) return;
    System.out.println(table.size() + " broken backends and chains, and how they were caught");
    table.forEach(System.out::println);
  }
}
