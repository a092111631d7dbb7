package dev.headgate.tck;

import dev.headgate.tck.Result.Verdict;
import dev.headgate.tck.rules.RuleCatalog;
import java.util.ArrayList;
import java.util.List;

/** The results of many rules, counted for each group. Thread-safe. */
public final class Scorecard {
  private final String backend;
  private final List<Result> results = new ArrayList<>();

  /**
   * Makes an empty one.
   *
   * @param backend the name to show
   */
  public Scorecard(String backend) {
    this.backend = backend;
  }

  /**
   * Adds a result.
   *
   * @param result the result
   */
  public synchronized void add(Result result) {
    results.add(result);
  }

  /**
   * Returns all results.
   *
   * @return in the order in which they were added
   */
  public synchronized List<Result> results() {
    return List.copyOf(results);
  }

  /**
   * Counts results.
   *
   * @param verdict which to count
   * @return how many there are
   */
  public long count(Verdict verdict) {
    return count(results(), verdict);
  }

  /**
   * Renders the card for people.
   *
   * @return a line for each group, one for all, and one for each rule that did not pass
   */
  public String text() {
    List<Result> all = results();
    StringBuilder out = new StringBuilder("Headgate TCK, backend '" + backend + "'\n");
    line(out, "group", "passed", "failed", "deviates", "unsupported");
    for (String group : RuleCatalog.groups()) {
      List<Result> some =
          all.stream().filter(result -> result.rule().startsWith(group + "-")).toList();
      line(out, RuleCatalog.title(group), some);
    }
    line(out, "all", all);
    for (Result result : all) {
      if (result.passed()) continue;
      String why = result.failure() == null ? "" : String.valueOf(result.failure().getMessage());
      String first = why.lines().findFirst().orElse("");
      out.append(String.format("  %-5s %-12s %s%n", result.rule(), result.verdict(), first));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String title, List<Result> some) {
    line(
        out,
        title,
        "" + count(some, Verdict.PASSED),
        "" + count(some, Verdict.FAILED),
        "" + count(some, Verdict.DEVIATES),
        "" + count(some, Verdict.UNSUPPORTED));
  }

  private static void line(
      StringBuilder out, String title, String passed, String failed, String other, String none) {
    out.append(String.format("  %-24s %8s %8s %9s %12s%n", title, passed, failed, other, none));
  }

  private static long count(List<Result> some, Verdict verdict) {
    return some.stream().filter(result -> result.verdict() == verdict).count();
  }
}
