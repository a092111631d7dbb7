package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The reading end of a pipe as the core sees it. Reports what the core does against {@link
 * BodySource}.
 */
final class PipeSource implements BodySource {
  /** Whom the body belongs to; told with the engine's lock held. */
  interface Owner {
    /** Something was read or demanded. */
    void used();

    /** The last content was read. */
    void ended();

    /** The core gave up. */
    void aborted(Throwable reason);
  }

  private final MemoryEngine engine;
  private final String name;
  private final Pipe pipe;
  private final long length;
  private final Owner owner;
  private final AtomicInteger inside = new AtomicInteger();
  private @Nullable Runnable demand;
  private boolean firing;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable HeaderList trailers;

  PipeSource(MemoryEngine engine, String name, Pipe pipe, long length, Owner owner) {
    this.engine = engine;
    this.name = name;
    this.pipe = pipe;
    this.length = length;
    this.owner = owner;
    pipe.onReadable(this::fire);
  }

  @Override
  public @Nullable Content read() {
    enter("read()");
    try {
      return engine.loop().get(this::next);
    } finally {
      inside.decrementAndGet();
    }
  }

  private @Nullable Content next() {
    owner.used();
    if (failure != null) return HeapContent.failed(failure);
    if (ended) return HeapContent.end();
    if (demand != null) engine.violation(name + ": read() while a demand is pending");
    Wire item = pipe.poll(MemoryEngine.MAX_CONTENT_BYTES);
    if (item instanceof Wire.Bytes bytes) {
      TrackedContent content =
          new TrackedContent(engine.ledger(), name, bytes.copy(), bytes.last());
      if (bytes.last()) {
        ended = true;
        trailers = bytes.trailers();
        owner.ended();
      }
      return content;
    }
    failure = pipe.failure();
    return failure == null ? null : HeapContent.failed(failure);
  }

  @Override
  public void demand(Runnable ready) {
    enter("demand()");
    try {
      boolean now =
          engine
              .loop()
              .get(
                  () -> {
                    owner.used();
                    if (demand != null) {
                      engine.violation(name + ": demand() while a demand is pending");
                      throw new IllegalStateException("a demand is pending");
                    }
                    boolean ready1 = ended || failure != null || pipe.readable();
                    if (ready1 && engine.inlineCallbacks()) return true;
                    demand = ready;
                    if (ready1) fire();
                    return false;
                  });
      if (!now) return;
    } finally {
      inside.decrementAndGet();
    }
    engine.loop().call(name + ": demand's callback", ready);
  }

  /** Calls a pending demand back, on the dispatcher. With the lock held. */
  private void fire() {
    if (demand == null || firing) return;
    firing = true;
    engine.loop().enqueue(this::callBack);
  }

  private void callBack() {
    Runnable ready =
        engine
            .loop()
            .get(
                () -> {
                  Runnable pending = demand;
                  demand = null;
                  firing = false;
                  return pending == null ? () -> {} : pending;
                });
    engine.loop().call(name + ": demand's callback", ready);
  }

  @Override
  public void abort(Throwable reason) {
    engine
        .loop()
        .locked(
            () -> {
              if (ended || failure != null) return;
              failure = reason;
              owner.aborted(reason);
              fire();
            });
  }

  /** The backend gives up: what was not read fails. With the lock held. */
  void fail(Throwable reason) {
    if (ended || failure != null) return;
    failure = reason;
    fire();
  }

  /** Whether the last content was read. With the lock held. */
  boolean ended() {
    return ended;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable HeaderList trailers() {
    return engine.loop().get(() -> trailers == null ? null : trailers.copy());
  }

  private void enter(String call) {
    if (inside.getAndIncrement() > 0) {
      engine.violation(name + ": " + call + " overlaps with another read() or demand()");
    }
  }
}
