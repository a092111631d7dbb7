package dev.headgate.tck.lab;

import java.util.ArrayDeque;
import java.util.stream.Collectors;

/** What happened in one run of a rule, for the report of its failure. Thread-safe. */
public final class EventLog {
  private static final int MAX_EVENTS = 2_000;

  private final long start = System.nanoTime();
  private final ArrayDeque<String> events = new ArrayDeque<>();
  private long count;

  /** Makes an empty log. */
  public EventLog() {}

  /**
   * Notes an event.
   *
   * @param who such as {@code client#1}
   * @param what such as {@code head 200}
   */
  public synchronized void add(String who, String what) {
    if (events.size() == MAX_EVENTS) events.removeFirst();
    double millis = (System.nanoTime() - start) / 1e6;
    String thread = Thread.currentThread().getName();
    events.add(String.format("%5d %9.3f ms [%s] %s: %s", ++count, millis, thread, who, what));
  }

  /**
   * Renders the last events.
   *
   * @return a line for each, in order
   */
  public synchronized String text() {
    return events.stream().collect(Collectors.joining("\n"));
  }
}
