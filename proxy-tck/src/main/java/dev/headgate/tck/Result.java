package dev.headgate.tck;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one rule.
 *
 * @param rule the rule's number
 * @param verdict what came of it
 * @param failure why it did not pass; null if it did
 * @param log what happened, a line for each event
 */
public record Result(String rule, Verdict verdict, @Nullable Throwable failure, String log) {
  /** What can come of a rule. */
  public enum Verdict {
    /** The backend keeps it. */
    PASSED,
    /** The backend breaks it. */
    FAILED,
    /** The backend breaks it, but it is a SHOULD. */
    DEVIATES,
    /** The backend lacks a capability that it needs. */
    UNSUPPORTED
  }

  /**
   * Checks that nothing but the failure is null.
   *
   * @param rule the rule's number
   * @param verdict what came of it
   * @param failure why it did not pass
   * @param log what happened
   */
  public Result {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(log, "log");
  }

  /**
   * Returns whether the backend keeps the rule.
   *
   * @return whether the verdict is {@code PASSED}
   */
  public boolean passed() {
    return verdict == Verdict.PASSED;
  }

  /**
   * Returns whether the backend breaks the rule.
   *
   * @return whether the verdict is {@code FAILED}
   */
  public boolean failed() {
    return verdict == Verdict.FAILED;
  }

  @Override
  public String toString() {
    return rule + " " + verdict + (failure == null ? "" : ": " + failure.getMessage());
  }
}
