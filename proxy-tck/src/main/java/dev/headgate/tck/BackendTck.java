package dev.headgate.tck;

import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.rules.RuleCatalog;
import dev.headgate.tck.rules.RuleCatalog.Entry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * All rules of {@code RULES.md} as JUnit tests. The author of a backend subclasses this, supplies
 * the environment, and runs it:
 *
 * <pre>{@code
 * class MyBackendTckTest extends BackendTck {
 *   @Override
 *   protected TckEnvironment environment() {
 *     return new SocketEnvironment(new MyBackend());
 *   }
 * }
 * }</pre>
 *
 * <p>Each rule is a test of its own, with its number in its name, on a fresh engine. A rule that
 * needs a capability which the backend does not declare is shown as skipped, as is a SHOULD that is
 * not kept. At the end a {@link Scorecard} is printed.
 */
public abstract class BackendTck {
  private @Nullable Scorecard scorecard;

  /** For subclasses. */
  protected BackendTck() {}

  /**
   * Returns the backend under test with all that is needed to test it.
   *
   * @return the environment, the same or another one on each call
   */
  protected abstract TckEnvironment environment();

  /**
   * Shows the scorecard; prints it by default.
   *
   * @param card the results of all rules that ran
   */
  protected void report(Scorecard card) {
    System.out.println(card.text());
  }

  /**
   * Makes the tests.
   *
   * @return a container for each group of rules
   */
  @TestFactory
  protected Stream<DynamicContainer> rules() {
    TckEnvironment environment = environment();
    Scorecard card = new Scorecard(environment.name());
    scorecard = card;
    return RuleCatalog.groups().stream()
        .map(
            group ->
                DynamicContainer.dynamicContainer(
                    RuleCatalog.title(group), tests(environment, card, RuleCatalog.group(group))));
  }

  private static Stream<DynamicTest> tests(
      TckEnvironment environment, Scorecard card, List<Entry> rules) {
    return rules.stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.id() + " " + rule.intent(), () -> test(environment, card, rule)));
  }

  private static void test(TckEnvironment environment, Scorecard card, Entry rule)
      throws Throwable {
    Result result = RuleRunner.run(environment, rule);
    card.add(result);
    Throwable failure = result.failure();
    if (failure == null) return;
    switch (result.verdict()) {
      case DEVIATES -> throw new TestAbortedException("not kept, though it should be", failure);
      case FAILED -> failure.addSuppressed(new WhatHappened(result));
      default -> {}
    }
    throw failure;
  }

  /** Shows the scorecard, once all rules ran. */
  @AfterEach
  protected void showScorecard() {
    Scorecard card = scorecard;
    if (card != null) report(card);
  }

  /** Carries the events of a run into the report of its failure. */
  private static final class WhatHappened extends RuntimeException {
    private static final long serialVersionUID = 1;

    WhatHappened(Result result) {
      super("what happened in " + result.rule() + ":\n" + result.log(), null, false, false);
    }
  }
}
