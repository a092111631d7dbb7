package dev.headgate.tck.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Watches for what threads throw and nobody catches, until it is closed. */
final class Uncaught implements AutoCloseable {
  /** Several may watch at a time: then each is told of all. Guarded by itself for changes. */
  private static final List<Uncaught> OPEN = new CopyOnWriteArrayList<>();

  private static Thread.@Nullable UncaughtExceptionHandler before;

  private final List<String> findings = new ArrayList<>();

  private Uncaught() {}

  /** Begins to watch. */
  static Uncaught watch() {
    Uncaught watching = new Uncaught();
    synchronized (OPEN) {
      if (OPEN.isEmpty()) {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
            (thread, fault) ->
                OPEN.forEach(one -> one.add("uncaught in " + thread.getName() + ": " + fault)));
      }
      OPEN.add(watching);
    }
    return watching;
  }

  private synchronized void add(String finding) {
    findings.add(finding);
  }

  /** What was thrown so far, a line for each. */
  synchronized List<String> findings() {
    return List.copyOf(findings);
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      OPEN.remove(this);
      if (OPEN.isEmpty()) Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
