package dev.headgate.tck.memory;

/**
 * Something that a scripted client or upstream did or saw. Events of one engine have one order.
 *
 * @param number its place in the order, from 0
 * @param elapsedNanos virtual time since the engine's start
 * @param who such as {@code client#1} or {@code api.example.com:443#2}
 * @param what such as {@code head 200} or {@code bytes 5}
 */
public record MemoryEvent(long number, long elapsedNanos, String who, String what) {
  @Override
  public String toString() {
    return String.format("%6d %9.3f ms  %s: %s", number, elapsedNanos / 1e6, who, what);
  }
}
