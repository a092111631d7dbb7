package dev.headgate.core.context;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ClientInfo;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The context that hooks of one direction of an exchange are given, and the transaction around each
 * of their calls: {@link #begin} marks, {@link #seal} ends writing, then {@link #commit} or {@link
 * #rollback}.
 *
 * <p>An exchange has one for its request and one for its response, as the two may run at the same
 * time. A call on the blocking executor gets a {@link #detached} one with heads of its own, which
 * take effect by {@link #adopt} and can be thrown away when the call outlives its deadline.
 */
public final class CallContext implements ProxyContext, Attributes {
  /** Whose head a call may write. */
  public enum Writes {
    /** Neither. */
    NOTHING,
    /** The request's. */
    REQUEST,
    /** The response's. */
    RESPONSE
  }

  private final ExchangeFacts facts;
  private final @Nullable LiveRequestHead ownRequest;
  private final @Nullable LiveResponseHead ownResponse;
  private final boolean detached;
  private Writes writes = Writes.NOTHING;

  /**
   * Keys and former values that the open call has overwritten, guarded by the facts' attributes.
   */
  private @Nullable List<@Nullable Object> undo;

  private boolean open;
  private boolean dead;

  /**
   * Makes the context of one direction.
   *
   * @param facts of the exchange
   */
  public CallContext(ExchangeFacts facts) {
    this(facts, null, null, false);
  }

  private CallContext(
      ExchangeFacts facts,
      @Nullable LiveRequestHead ownRequest,
      @Nullable LiveResponseHead ownResponse,
      boolean detached) {
    this.facts = facts;
    this.ownRequest = ownRequest;
    this.ownResponse = ownResponse;
    this.detached = detached;
  }

  /**
   * Makes a context for a call elsewhere, with a copy of the head that it may write.
   *
   * @param mayWrite which one
   * @return the context
   */
  public CallContext detached(Writes mayWrite) {
    LiveResponseHead response = facts.response;
    return new CallContext(
        facts,
        mayWrite == Writes.REQUEST ? facts.request.copy() : null,
        mayWrite == Writes.RESPONSE && response != null ? response.copy() : null,
        true);
  }

  /**
   * Begins a call on this thread: marks what it may change.
   *
   * @param mayWrite which head it may write
   */
  public void begin(Writes mayWrite) {
    writes = mayWrite;
    LiveResponseHead response = liveResponse();
    if (mayWrite == Writes.REQUEST) {
      liveRequest().mark();
    } else if (mayWrite == Writes.RESPONSE && response != null) {
      response.mark();
    }
    synchronized (facts.attributes) {
      open = true;
      undo = null;
    }
    reopen();
  }

  /** Lets this thread write again, within the transaction that {@link #begin} opened. */
  public void reopen() {
    writer(Thread.currentThread());
  }

  /** Ends writing; the transaction stays open. */
  public void seal() {
    writer(null);
  }

  private void writer(@Nullable Thread thread) {
    LiveResponseHead response = liveResponse();
    if (writes == Writes.REQUEST) {
      liveRequest().headers().writer(thread);
    } else if (writes == Writes.RESPONSE && response != null) {
      response.headers().writer(thread);
    }
  }

  /** Keeps what the call did. */
  public void commit() {
    synchronized (facts.attributes) {
      open = false;
      undo = null;
    }
  }

  /** Undoes what the call did. A detached context can't be written any more. */
  public void rollback() {
    LiveResponseHead response = liveResponse();
    if (writes == Writes.REQUEST) {
      liveRequest().rollback();
    } else if (writes == Writes.RESPONSE && response != null) {
      response.rollback();
    }
    synchronized (facts.attributes) {
      open = false;
      dead = detached;
      List<@Nullable Object> log = undo;
      undo = null;
      if (log == null) return;
      for (int i = log.size() - 2; i >= 0; i -= 2) {
        facts.attributes.put((AttributeKey<?>) Objects.requireNonNull(log.get(i)), log.get(i + 1));
      }
    }
  }

  /**
   * Takes over what a detached call wrote, to be undone with the transaction that is open here. To
   * be called between {@link #begin} and {@link #commit}.
   *
   * @param detached the context of that call, which is over
   */
  public void adopt(CallContext detached) {
    LiveResponseHead response = liveResponse();
    if (detached.ownRequest != null) liveRequest().adopt(detached.ownRequest);
    if (detached.ownResponse != null && response != null) response.adopt(detached.ownResponse);
    synchronized (facts.attributes) {
      List<@Nullable Object> log = detached.undo;
      detached.undo = null;
      if (log == null) return;
      if (undo == null) {
        undo = log;
      } else {
        undo.addAll(log);
      }
    }
  }

  private LiveRequestHead liveRequest() {
    return ownRequest != null ? ownRequest : facts.request;
  }

  private @Nullable LiveResponseHead liveResponse() {
    return ownResponse != null ? ownResponse : facts.response;
  }

  @Override
  public String requestId() {
    return facts.requestId();
  }

  @Override
  public Session session() {
    return facts.session;
  }

  @Override
  public RequestHead request() {
    return liveRequest();
  }

  @Override
  public @Nullable ResponseHead response() {
    return liveResponse();
  }

  @Override
  public Instant startTime() {
    return Instant.ofEpochMilli(facts.startMillis);
  }

  @Override
  public @Nullable RouteInfo route() {
    return facts.route;
  }

  @Override
  public @Nullable Target target() {
    return facts.target;
  }

  @Override
  public ClientInfo client() {
    return facts.client;
  }

  @Override
  public @Nullable InetAddress originalClient() {
    return facts.originalClient();
  }

  @Override
  public Attributes attributes() {
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // put() lets only a T in under a key of T
  public <T> @Nullable T get(AttributeKey<T> key) {
    return (T) facts.attributes.get(key);
  }

  @Override
  public <T> void put(AttributeKey<T> key, @Nullable T value) {
    synchronized (facts.attributes) {
      if (dead)
        throw new IllegalStateException("the call that this context was given to has failed");
      Object before = facts.attributes.put(key, value);
      if (open) {
        if (undo == null) undo = new ArrayList<>();
        undo.add(key);
        undo.add(before);
      }
    }
  }
}
