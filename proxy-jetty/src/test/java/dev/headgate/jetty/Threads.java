package dev.headgate.jetty;

import java.util.Set;
import java.util.TreeSet;

/** Which threads there are. */
final class Threads {
  private Threads() {}

  static Set<String> named(String prefix) {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(prefix)) names.add(thread.getName());
    }
    return names;
  }

  /** Fails unless all threads with a prefix are gone; close() has waited for them. */
  static void awaitNone(String prefix) {
    Set<String> left = named(prefix);
    if (!left.isEmpty()) throw new AssertionError("threads are left: " + left);
  }
}
