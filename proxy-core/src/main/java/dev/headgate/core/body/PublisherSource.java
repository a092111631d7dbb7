package dev.headgate.core.body;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that a plugin or handler publishes: one buffer is asked for at a time, when it is
 * demanded. A publisher that sends more than was asked for fails the body. Thread-safe.
 */
public final class PublisherSource implements BodySource {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherSource.class);

  private final Flow.Publisher<ByteBuffer> publisher;

  // Guarded by this.
  private Flow.@Nullable Subscription subscription;
  private boolean subscribed;
  private boolean requested;
  private @Nullable ByteBuffer item;
  private boolean completed;
  private @Nullable Throwable failure;
  private @Nullable Runnable waiting;

  /**
   * Wraps a publisher; it is subscribed to at the first demand.
   *
   * @param publisher of the bytes
   */
  public PublisherSource(Flow.Publisher<ByteBuffer> publisher) {
    this.publisher = Objects.requireNonNull(publisher, "publisher");
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
      signal(null, false, t); // a plugin's code: a missing class must end its body, too
    }
  }

  private void request(Flow.Subscription ask) {
    try {
      ask.request(1);
    } catch (Throwable t) {
      signal(null, false, t);
    }
  }

  @Override
  public void abort(Throwable reason) {
    Flow.Subscription cancelled;
    synchronized (this) {
      if (completed && item == null) return;
      cancelled = subscription;
      subscription = null;
      subscribed = true;
      item = null;
    }
    if (cancelled != null) cancel(cancelled);
    signal(null, false, reason);
  }

  /** What a publisher throws here must not keep the exchange from its end. */
  private static void cancel(Flow.Subscription unwanted) {
    try {
      unwanted.cancel();
    } catch (Throwable t) {
      LOG.warn("a publisher failed when its subscription was cancelled", t);
    }
  }

  private void signal(@Nullable ByteBuffer bytes, boolean end, @Nullable Throwable reason) {
    Runnable ready;
    synchronized (this) {
      if (completed || failure != null) return;
      if (bytes != null) {
        requested = false;
        item = bytes;
      } else if (end) {
        completed = true;
      } else {
        failure = reason;
      }
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
    public void onSubscribe(Flow.Subscription given) {
      boolean keep;
      synchronized (PublisherSource.this) {
        keep = subscription == null && failure == null;
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
    public void onNext(ByteBuffer bytes) {
      Flow.Subscription source;
      boolean excess;
      synchronized (PublisherSource.this) {
        source = subscription;
        excess = !requested;
      }
      if (source == null) return;
      if (excess) {
        abort(new IllegalStateException("the publisher sent more buffers than were asked for"));
      } else if (bytes.hasRemaining()) {
        signal(bytes, false, null);
      } else {
        request(source);
      }
    }

    @Override
    public void onError(Throwable reason) {
      signal(null, false, Objects.requireNonNull(reason, "reason"));
    }

    @Override
    public void onComplete() {
      signal(null, true, null);
    }
  }
}
