package dev.headgate.tck;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.Result.Verdict;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Level;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.rules.RuleCatalog;
import dev.headgate.tck.rules.RuleCatalog.Entry;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** Runs single rules without JUnit: each in a lab of its own. Thread-safe. */
public final class RuleRunner {
  private RuleRunner() {}

  /**
   * Runs a rule.
   *
   * @param environment where
   * @param id the rule's number, such as {@code S-04}
   * @return what came of it; never throws what the rule throws
   * @throws IllegalArgumentException if there is no such rule
   */
  public static Result run(TckEnvironment environment, String id) {
    return run(environment, RuleCatalog.find(id));
  }

  /**
   * Runs a rule.
   *
   * @param environment where
   * @param rule the rule
   * @return what came of it; never throws what the rule throws
   */
  public static Result run(TckEnvironment environment, Entry rule) {
    List<Capability> missing = new ArrayList<>(rule.needs());
    missing.removeAll(environment.capabilities());
    if (!missing.isEmpty()) {
      TestAbortedException why = new TestAbortedException("not supported: needs " + missing);
      return new Result(rule.id(), Verdict.UNSUPPORTED, why, "");
    }
    EventLog log = new EventLog();
    try {
      Lab.run(environment, log, rule::run);
      return new Result(rule.id(), Verdict.PASSED, null, log.text());
    } catch (TestAbortedException e) {
      return new Result(rule.id(), Verdict.UNSUPPORTED, e, log.text());
    } catch (Throwable e) {
      Verdict verdict = rule.level() == Level.OPTIONAL ? Verdict.DEVIATES : Verdict.FAILED;
      return new Result(rule.id(), verdict, e, log.text());
    }
  }
}
