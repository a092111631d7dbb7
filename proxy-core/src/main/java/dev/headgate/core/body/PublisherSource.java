package dev.headgate.core.body;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A body that a plugin or handler publishes: one buffer is asked for at a time, when it is
 * demanded.
 *
 * <p>A publisher that fails, that throws, or that sends more than was asked for, before it was
 * asked, or null, fails the body, and its owner is told, once. What it signals after that, after
 * its own end, or after it was cancelled has no effect. Thread-safe.
 */
public final class PublisherSource implements BodySource {
  /** Answers for a publisher. Thread-safe. */
  public interface Owner {
    /**
     * The publisher failed, which ends the body. Not told where the body was aborted before.
     *
     * @param cause why
     * @return what the reader of the body is told
     */
    Throwable failed(Throwable cause);

    /**
     * The publisher failed when it was cancelled: nothing depends on it any more. Not told where
     * {@link #failed} was.
     *
     * @param cause why
     */
    void failedInCancel(Throwable cause);
  }

  private final Flow.Publisher<ByteBuffer> publisher;
  private final Owner owner;

  // Guarded by this.
  private Flow.@Nullable Subscription subscription;
  private boolean subscribed;
  private boolean requested;
  private @Nullable ByteBuffer item;
  private boolean completed;
  private @Nullable Throwable failure;

  /** Whether the owner has been told of a fault. */
  private boolean blamed;

  private @Nullable Runnable waiting;

  /**
   * Wraps a publisher; it is subscribed to at the first demand.
   *
   * @param publisher of the bytes
   * @param owner told when it fails
   */
  public PublisherSource(Flow.Publisher<ByteBuffer> publisher, Owner owner) {
    this.publisher = Objects.requireNonNull(publisher, "publisher");
    this.owner = owner;
  }

  @Override
  public synchronized @Nullable Content read() {
    ByteBuffer bytes = item;
    if (bytes != null) {
      item = null;
      return HeapContent.of(bytes, false);
    }
    if (failure != null) return HeapContent.failed(failure);
    return completed ? HeapContent.end() : null;
  }

  @Override
  public void demand(Runnable ready) {
    Flow.Subscription ask = null;
    boolean subscribe = false;
    boolean now;
    synchronized (this) {
      if (waiting != null) throw new IllegalStateException("a demand is pending");
      now = item != null || completed || failure != null;
      if (!now) {
        waiting = ready;
        if (!subscribed) {
          subscribed = true;
          subscribe = true;
        } else if (!requested && subscription != null) {
          requested = true;
          ask = subscription;
        }
      }
    }
    if (now) {
      ready.run();
    } else if (subscribe) {
      subscribe();
    } else if (ask != null) {
      request(ask);
    }
  }

  private void subscribe() {
    try {
      publisher.subscribe(new Subscriber());
    } catch (Throwable t) {
      fail(t); // a plugin's code: a missing class must end its body, too
    }
  }

  private void request(Flow.Subscription ask) {
    try {
      ask.request(1);
    } catch (Throwable t) {
      fail(t);
    }
  }

  @Override
  public void abort(Throwable reason) {
    Flow.Subscription cancelled;
    Runnable ready;
    synchronized (this) {
      if ((completed && item == null) || failure != null) return;
      // First of all: what the publisher makes of its cancellation is no fault.
      failure = reason;
      subscribed = true;
      item = null;
      cancelled = subscription;
      subscription = null;
      ready = waiting;
      waiting = null;
    }
    cancel(cancelled);
    if (ready != null) ready.run();
  }

  /** What a publisher throws here must not keep the exchange from its end. */
  private void cancel(Flow.@Nullable Subscription unwanted) {
    if (unwanted == null) return;
    try {
      unwanted.cancel();
    } catch (Throwable t) {
      synchronized (this) {
        if (blamed) return;
        blamed = true;
      }
      owner.failedInCancel(t);
    }
  }

  /** The publisher is at fault: whatever else it does has no effect. */
  private void fail(Throwable cause) {
    Flow.Subscription cancelled;
    synchronized (this) {
      if (completed || failure != null || blamed) return;
      blamed = true;
      cancelled = subscription;
      subscription = null;
    }
    Throwable told = owner.failed(cause);
    cancel(cancelled);
    Runnable ready;
    synchronized (this) {
      if (failure == null) failure = told;
      ready = waiting;
      waiting = null;
    }
    if (ready != null) ready.run();
  }

  @Override
  public long length() {
    return -1;
  }

  private final class Subscriber implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.@Nullable Subscription given) {
      if (given == null) {
        fail(new NullPointerException("the publisher gave null for a subscription"));
        return;
      }
      boolean keep;
      synchronized (PublisherSource.this) {
        keep = subscription == null && failure == null && !blamed && !completed;
        if (keep) {
          subscription = given;
          requested = true;
        }
      }
      if (keep) {
        request(given);
      } else {
        cancel(given);
      }
    }

    @Override
    public void onNext(@Nullable ByteBuffer bytes) {
      Flow.Subscription source;
      Runnable ready = null;
      boolean expected;
      synchronized (PublisherSource.this) {
        if (completed || failure != null || blamed) return;
        source = subscription;
        expected = requested && source != null && bytes != null;
        if (expected && bytes != null && bytes.hasRemaining()) {
          requested = false;
          item = bytes;
          ready = waiting;
          waiting = null;
        }
      }
      if (bytes == null) {
        fail(new NullPointerException("the publisher sent null"));
      } else if (!expected || source == null) {
        fail(new IllegalStateException("the publisher sent more buffers than were asked for"));
      } else if (ready != null) {
        ready.run();
      } else if (!bytes.hasRemaining()) {
        request(source);
      }
    }

    @Override
    public void onError(@Nullable Throwable reason) {
      fail(reason == null ? new NullPointerException("the publisher failed with null") : reason);
    }

    @Override
    public void onComplete() {
      Runnable ready;
      synchronized (PublisherSource.this) {
        if (completed || failure != null || blamed) return;
        completed = true;
        ready = waiting;
        waiting = null;
      }
      if (ready != null) ready.run();
    }
  }
}
