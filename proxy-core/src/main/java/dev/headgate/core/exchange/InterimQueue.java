package dev.headgate.core.exchange;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Interim responses on their way to the client: one write at a time, and the final response after
 * them. Holds a few at most; an upstream that sends more while the client takes none loses the
 * further ones, as they are advisory. Thread-safe.
 */
final class InterimQueue {
  private static final int MOST = 8;

  private record Interim(int status, HeaderList headers) {}

  private final Exchange exchange;

  // Guarded by this.
  private @Nullable Queue<Interim> waiting;
  private boolean writing;
  private @Nullable Runnable next;

  InterimQueue(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Takes one more; returns whether the caller is to write it now, as none is being written. */
  synchronized boolean add(int status, HeaderList headers) {
    if (!writing) {
      writing = true;
      return true;
    }
    if (waiting == null) waiting = new ArrayDeque<>(2);
    if (waiting.size() < MOST) waiting.add(new Interim(status, headers));
    return false;
  }

  /** Runs once all interim responses are out; at once when there are none. */
  void thenRun(Runnable last) {
    synchronized (this) {
      if (writing) {
        next = last;
        return;
      }
    }
    last.run();
  }

  void write(int status, HeaderList headers) {
    exchange
        .inbound()
        .interim(
            status,
            headers,
            new Completion() {
              @Override
              public void succeeded() {
                written();
              }

              @Override
              public void failed(Throwable reason) {
                exchange.clientGone(reason);
              }
            });
  }

  private void written() {
    Interim more;
    Runnable last = null;
    synchronized (this) {
      more = waiting == null ? null : waiting.poll();
      if (more == null) {
        writing = false;
        last = next;
        next = null;
      }
    }
    if (more != null) {
      write(more.status(), more.headers());
    } else if (last != null) {
      last.run();
    }
  }
}
