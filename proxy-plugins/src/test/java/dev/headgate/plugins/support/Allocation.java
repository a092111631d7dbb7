package dev.headgate.plugins.support;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what code allocates on the calling thread. */
public final class Allocation {
  private static final int RUNS = 20_000;

  private Allocation() {}

  /** Code that may throw anything. */
  @FunctionalInterface
  public interface Code {
    void run() throws Exception;
  }

  /** Returns how many bytes one run allocates on average, when it has run a while. */
  public static double bytesPerRun(Code code) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < RUNS; i++) code.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < RUNS; i++) code.run();
    return (threads.getCurrentThreadAllocatedBytes() - before) / (double) RUNS;
  }
}
