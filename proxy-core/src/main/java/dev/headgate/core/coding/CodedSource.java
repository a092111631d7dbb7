package dev.headgate.core.coding;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What both directions share: demand, abort on any thread, the end, and who may touch the codec.
 *
 * <p>Whoever moves {@link #state} away from idle owns codec, input and stash: a reader by busy, an
 * abort by a failure. An abort that finds a busy reader leaves the cleaning to it. So the codec is
 * never closed under a running call, and no lock is held while the wrapped source is called.
 */
abstract class CodedSource implements BodySource {
  private static final Object IDLE = new Object();
  private static final Object BUSY = new Object();
  private static final Object ENDED = new Object();

  /** The end by failure. */
  private record Failed(Throwable reason) {}

  final BodySource source;
  final String coding;

  private final AtomicReference<Object> state = new AtomicReference<>(IDLE);
  private final AtomicReference<@Nullable Runnable> demand = new AtomicReference<>();
  private final AtomicInteger wakeups = new AtomicInteger();

  /** Made while answering a demand, for the next read. */
  private @Nullable Content stash;

  CodedSource(BodySource source, String coding) {
    this.source = Objects.requireNonNull(source, "source");
    this.coding = coding;
  }

  /**
   * Makes the next content.
   *
   * @return the content; null when the source has none now
   * @throws CodingException which ends the body
   */
  abstract @Nullable Content step() throws CodingException;

  /**
   * Releases the input that is held, and closes the codec. Called once, when no step runs or will
   * run.
   */
  abstract void free();

  @Override
  public final @Nullable Content read() {
    if (!enter()) {
      return end();
    }
    Content result = stash;
    stash = null;
    if (result == null) {
      result = stepOrFail();
    }
    exit(result);
    return result;
  }

  @Override
  public final void demand(Runnable ready) {
    if (!demand.compareAndSet(null, Objects.requireNonNull(ready, "ready"))) {
      throw new IllegalStateException("a demand is pending");
    }
    advance();
  }

  @Override
  public final void abort(Throwable reason) {
    Failed failed = new Failed(Objects.requireNonNull(reason, "reason"));
    Object before;
    do {
      before = state.get();
      if (before != IDLE && before != BUSY) {
        return;
      }
    } while (!state.compareAndSet(before, failed));
    if (before == IDLE) {
      drop();
    }
    source.abort(reason);
  }

  @Override
  public final long length() {
    return -1;
  }

  @Override
  public final @Nullable HeaderList trailers() {
    return state.get() == ENDED ? source.trailers() : null;
  }

  /**
   * Reads on until there is something for the reader, without recursion when the source is always
   * ready.
   */
  private void advance() {
    if (wakeups.getAndIncrement() != 0) {
      return;
    }
    do {
      if (prefetch()) {
        wakeups.set(0);
        Runnable ready = demand.getAndSet(null);
        if (ready != null) {
          ready.run();
        }
        return;
      }
      source.demand(this::advance);
    } while (wakeups.decrementAndGet() != 0);
  }

  /** Returns whether a read would now return something. */
  private boolean prefetch() {
    if (!enter()) {
      return true;
    }
    if (stash == null) {
      stash = stepOrFail();
    }
    boolean found = stash != null;
    exit(null);
    return found;
  }

  private @Nullable Content stepOrFail() {
    try {
      return step();
    } catch (CodingException e) {
      source.abort(e);
      return HeapContent.failed(e);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      CodingException failure =
          new CodingException(coding, CodingException.Reason.INTERNAL, "the codec failed", e);
      source.abort(failure);
      return HeapContent.failed(failure);
    }
  }

  private boolean enter() {
    if (state.compareAndSet(IDLE, BUSY)) {
      return true;
    }
    if (state.get() == BUSY) {
      throw new IllegalStateException("read while another call is reading");
    }
    return false;
  }

  /** Leaves the busy state; {@code read} is what the reader gets now. */
  private void exit(@Nullable Content read) {
    Object next = IDLE;
    if (read != null && read.last()) {
      Throwable failure = read.failure();
      next = failure == null ? ENDED : new Failed(failure);
      drop();
      if (!state.compareAndSet(BUSY, next)) {
        state.set(next); // the abort came too late: the end has been read
      }
    } else if (!state.compareAndSet(BUSY, next)) {
      drop();
    }
  }

  private void drop() {
    Content held = stash;
    stash = null;
    if (held != null) {
      held.release();
    }
    free();
  }

  private Content end() {
    Object now = state.get();
    return now instanceof Failed failed ? HeapContent.failed(failed.reason()) : HeapContent.end();
  }
}
