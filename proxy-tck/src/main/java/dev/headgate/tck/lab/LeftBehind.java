package dev.headgate.tck.lab;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a lab left behind, and what failed when it was closed. */
final class LeftBehind {
  private final List<String> findings = new ArrayList<>();

  void addAll(List<String> more) {
    findings.addAll(more);
  }

  /** Takes a step of the closing; what it throws is a finding, and the next step follows. */
  void attempt(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      findings.add(String.valueOf(e.getMessage()));
    }
  }

  /** Throws what the work threw, or else that something was left behind. */
  void report(@Nullable Throwable failure) throws Throwable {
    if (failure == null && findings.isEmpty()) return;
    AssertionError left = new AssertionError("left behind:\n  " + String.join("\n  ", findings));
    if (failure == null) throw left;
    if (!findings.isEmpty()) failure.addSuppressed(left);
    throw failure;
  }
}
