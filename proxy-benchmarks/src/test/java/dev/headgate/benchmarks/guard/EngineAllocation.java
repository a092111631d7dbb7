package dev.headgate.benchmarks.guard;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What the threads of an engine have allocated, as the JVM counts it: no sample, and no time. */
final class EngineAllocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String engine;
  private long before;

  EngineAllocation(String engine) {
    this.engine = engine;
  }

  void start() {
    before = all();
  }

  /** Returns the bytes since the start. */
  long bytes() {
    return all() - before;
  }

  private long all() {
    long[] threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith(engine))
            .mapToLong(Thread::getId)
            .toArray();
    return Arrays.stream(THREADS.getThreadAllocatedBytes(threads)).sum();
  }
}
