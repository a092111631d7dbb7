package dev.headgate.tck.memory;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what was written, in order, with at most {@link
 * MemoryEngine#WINDOW_BYTES} bytes between writer and reader. All methods are called with the
 * engine's lock.
 */
final class Pipe {
  /** Told, with the lock held, what became of a write that had to wait. */
  interface Waiting {
    void accepted();

    void failed(Throwable reason);
  }

  private static final Waiting NOBODY =
      new Waiting() {
        @Override
        public void accepted() {}

        @Override
        public void failed(Throwable reason) {}
      };

  private record Entry(Wire item, @Nullable Waiting waiting) {}

  private final ArrayDeque<Wire> items = new ArrayDeque<>();
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private long buffered;
  private long accepted;
  private @Nullable Throwable failure;
  private Runnable onReadable = () -> {};
  private Runnable onFailed = () -> {};

  /** Sets who is told when there is something to read, or a failure. */
  void onReadable(Runnable onReadable) {
    this.onReadable = onReadable;
  }

  /** Adds someone who is told of a failure. */
  void onFailed(Runnable further) {
    Runnable before = onFailed;
    onFailed =
        () -> {
          before.run();
          further.run();
        };
  }

  /** Writes what nobody waits for. */
  void write(Wire item) {
    write(item, NOBODY);
  }

  /** Whether {@link #poll} has something, or there is a failure behind the last item. */
  boolean readable() {
    return !items.isEmpty() || failure != null;
  }

  @Nullable Wire peek() {
    return items.peek();
  }

  /** Bytes that the window took, ever. */
  long acceptedBytes() {
    return accepted;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Writes; true when all of it fitted, else {@code waiting} is told later. After a failure it is
   * told at once.
   */
  boolean write(Wire item, Waiting waiting) {
    if (failure != null) {
      waiting.failed(failure);
      return false;
    }
    boolean first = queue.isEmpty();
    queue.add(new Entry(item, null));
    boolean fitted = first && admit();
    if (!fitted) {
      // Only what was added last can be waited for by this call.
      Entry entry = queue.removeLast();
      queue.addLast(new Entry(entry.item(), waiting));
    }
    onReadable.run();
    return fitted;
  }

  /** Takes the next item, or up to {@code max} bytes of it. */
  @Nullable Wire poll(int max) {
    Wire item = items.poll();
    if (item instanceof Wire.Bytes bytes) {
      if (bytes.size() > max) {
        items.addFirst(bytes.tail(max));
        item = bytes.head(max);
        buffered -= max;
      } else {
        buffered -= bytes.size();
      }
      admit();
    }
    return item;
  }

  /**
   * Breaks the pipe. What was accepted can still be read, unless dropped; what waits fails.
   *
   * @param drop whether what was accepted is lost
   */
  void fail(Throwable reason, boolean drop) {
    if (failure != null) {
      if (drop) items.clear();
      return;
    }
    failure = reason;
    if (drop) {
      items.clear();
      buffered = 0;
    }
    ArrayDeque<Entry> waiting = new ArrayDeque<>(queue);
    queue.clear();
    for (Entry entry : waiting) {
      if (entry.waiting() != null) entry.waiting().failed(reason);
    }
    onReadable.run();
    onFailed.run();
  }

  /** Moves what fits from the queue into the window; true when nothing is left outside. */
  private boolean admit() {
    while (!queue.isEmpty()) {
      Entry entry = queue.peek();
      if (!(entry.item() instanceof Wire.Bytes bytes)) {
        items.add(entry.item());
      } else {
        // A piece goes in whole or not at all: pieces split at the window's edge would split the
        // next, and so on.
        int size = Math.min(bytes.size(), MemoryEngine.MAX_CONTENT_BYTES);
        if (size > MemoryEngine.WINDOW_BYTES - buffered) return false;
        count(size);
        if (size < bytes.size()) {
          items.add(bytes.head(size));
          queue.removeFirst();
          queue.addFirst(new Entry(bytes.tail(size), entry.waiting()));
          continue;
        }
        items.add(bytes);
      }
      queue.removeFirst();
      if (entry.waiting() != null) entry.waiting().accepted();
    }
    return true;
  }

  private void count(int size) {
    buffered += size;
    accepted += size;
  }
}
