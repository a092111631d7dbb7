package dev.headgate.verify.peers;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Waits for events, up to one ceiling that is far above what any of them takes. */
final class Waiting {
  static final Duration CEILING = Duration.ofSeconds(30);

  private Waiting() {}

  static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
    T next = queue.poll(CEILING.toSeconds(), TimeUnit.SECONDS);
    if (next == null) throw new AssertionError("waited in vain for " + what);
    return next;
  }
}
