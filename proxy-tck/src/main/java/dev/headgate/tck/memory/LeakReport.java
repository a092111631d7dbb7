package dev.headgate.tck.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Collects what is left over, and fails when that is anything. */
final class LeakReport {
  private static final int MAX_DETAILS = 10;

  private final StringJoiner lines = new StringJoiner("\n  ");
  private final List<Throwable> details = new ArrayList<>();
  private int count;

  void add(String what, List<? extends Throwable> where) {
    if (where.isEmpty()) return;
    count += where.size();
    lines.add(where.size() + " " + what + ":");
    for (Throwable detail : where.subList(0, Math.min(where.size(), MAX_DETAILS))) {
      lines.add("  " + detail.getMessage());
      details.add(detail);
    }
  }

  void addNamed(String what, List<?> things) {
    if (things.isEmpty()) return;
    count += things.size();
    lines.add(things.size() + " " + what + ": " + things);
  }

  /** Fails with all that was added, if anything was. */
  void check(String summary) {
    if (count == 0) return;
    AssertionError error = new AssertionError("left over or misused:\n  " + lines + summary);
    details.forEach(error::addSuppressed);
    throw error;
  }
}
