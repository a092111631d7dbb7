package dev.headgate.jetty;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Which threads there are. */
final class Threads {
  /** More than a thread needs that has only to return from its last task. */
  private static final long CEILING_MILLIS = 10_000;

  private static final long LOOK_MILLIS = 100;

  private Threads() {}

  static Set<String> named(String prefix) {
    return all(prefix).stream().map(Thread::getName).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Thread> all(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  /**
   * Waits until threads with a prefix have nothing to do: between two looks they used no processor
   * time. One that goes round and round never gets there.
   */
  static void awaitRest(String prefix) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CEILING_MILLIS);
    long before = -1;
    while (System.nanoTime() - end < 0) {
      long used = 0;
      for (Thread thread : all(prefix)) used += threads.getThreadCpuTime(thread.getId());
      if (used == before) return;
      before = used;
      Thread.sleep(LOOK_MILLIS);
    }
    throw new AssertionError("threads of " + prefix + " find no rest");
  }

  /**
   * Fails unless all threads with a prefix are gone. close() has waited for their tasks; a thread
   * that has left its pool may need an instant more to end.
   */
  static void awaitNone(String prefix) throws InterruptedException {
    for (Thread thread : all(prefix)) thread.join(CEILING_MILLIS);
    Set<String> left = named(prefix);
    if (!left.isEmpty()) throw new AssertionError("threads are left: " + left);
  }
}
