package dev.headgate.tck.memory;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The books of an engine: what happened, what is held, and what the core did against the rules.
 * Thread-safe.
 */
final class Ledger {
  private static final int MAX_EVENTS = 10_000;
  private static final int SHOWN_EVENTS = 40;
  private static final byte[] NOTHING = {};

  private final ArrayDeque<MemoryEvent> events = new ArrayDeque<>();
  private final Set<TrackedContent> contents = new LinkedHashSet<>();
  private final List<AssertionError> violations = new ArrayList<>();
  private long numbers;

  synchronized void record(LongSupplier elapsedNanos, String who, String what) {
    if (events.size() == MAX_EVENTS) events.removeFirst();
    events.add(new MemoryEvent(numbers++, elapsedNanos.getAsLong(), who, what));
  }

  synchronized List<MemoryEvent> events() {
    return List.copyOf(events);
  }

  /** Notes a misuse, with the stack of the caller. */
  void violation(String what) {
    violation(what, null);
  }

  synchronized void violation(String what, @Nullable Throwable cause) {
    violations.add(new AssertionError(what, cause));
  }

  synchronized List<AssertionError> violations() {
    return List.copyOf(violations);
  }

  /** What may explain why nothing goes on: the violations, and the last events. */
  synchronized String summary() {
    StringBuilder out = new StringBuilder();
    violations.forEach(one -> out.append("\n  misuse: ").append(one.getMessage()));
    List<MemoryEvent> all = List.copyOf(events);
    all.subList(Math.max(0, all.size() - SHOWN_EVENTS), all.size())
        .forEach(event -> out.append("\n  ").append(event));
    return out.toString();
  }

  synchronized void opened(TrackedContent content) {
    contents.add(content);
  }

  synchronized void closed(TrackedContent content) {
    contents.remove(content);
  }

  synchronized Collection<TrackedContent> live() {
    return List.copyOf(contents);
  }

  /** Takes over a content of the core's: copies its bytes and gives the reference back. */
  byte[] take(String who, @Nullable Content content) {
    if (content == null) return NOTHING;
    try {
      if (content.failure() != null) violation(who + ": a failure was given as content");
      ByteBuffer buffer = content.buffer();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      content.release();
      return bytes;
    } catch (IllegalStateException e) {
      violation(who + ": was given a content that had been released", e);
      return NOTHING;
    }
  }
}
