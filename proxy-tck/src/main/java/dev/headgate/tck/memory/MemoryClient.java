package dev.headgate.tck.memory;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.spi.Engine;
import java.io.EOFException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A scripted client's connection to a listener: one call after the other. Thread-safe.
 *
 * <p>It outlives a call that ended cleanly, unless the listener stops, the client speaks HTTP/1.0
 * or said {@code Connection: close}, or more of an unread request body is left than the listener
 * would drop.
 */
public final class MemoryClient implements AutoCloseable {
  private final MemoryEngine engine;
  private final MemoryListener listener;
  private final InetSocketAddress address;
  private final String who;
  private @Nullable MemoryCall call;
  private Engine.Timer idle = () -> {};
  private boolean open = true;
  private boolean closing;
  private int calls;

  MemoryClient(
      MemoryEngine engine, MemoryListener listener, InetSocketAddress address, String who) {
    this.engine = engine;
    this.listener = listener;
    this.address = address;
    this.who = who;
  }

  /**
   * Begins a request.
   *
   * @param method the method
   * @param target the request target, sent as it is
   * @return the request, to be completed and opened
   */
  public MemoryRequest request(String method, String target) {
    return new MemoryRequest(this, method, target);
  }

  /**
   * Sends a GET without fields of its own.
   *
   * @param target the request target
   * @return the call
   */
  public MemoryCall get(String target) {
    return request("GET", target).open();
  }

  /**
   * Sends a POST with a body of unknown length; the core sees neither before both are there.
   *
   * @param target the request target
   * @param text the body
   * @return the call
   */
  public MemoryCall post(String target, String text) {
    return engine
        .loop()
        .get(
            () -> {
              MemoryCall opened = request("POST", target).withBody().open();
              opened.body().sendLast(text);
              return opened;
            });
  }

  /**
   * Returns whether a further call is possible, now or when the present one is over.
   *
   * @return false once either side closed it
   */
  public boolean isOpen() {
    return engine.loop().get(() -> open);
  }

  /** Waits until it is closed. For the test's thread. */
  public void awaitClosed() {
    engine.loop().await(who + " is closed", () -> !open);
  }

  /** Closes it; a call that is under way is aborted. Idempotent. */
  @Override
  public void close() {
    engine.loop().locked(() -> cut(new EOFException(who + " closed its connection")));
  }

  MemoryCall open(MemoryRequest request) {
    return engine
        .loop()
        .get(
            () -> {
              if (!open) throw new IllegalStateException(who + " is closed");
              if (call != null) throw new IllegalStateException(who + " has a call under way");
              idle.cancel();
              String connection = request.headers().get("Connection");
              closing |=
                  request.version() == HttpVersion.HTTP_1_0
                      || (connection != null && connection.equalsIgnoreCase("close"));
              MemoryCall made = new MemoryCall(engine, this, request, who + "." + ++calls);
              call = made;
              listener.receive(made);
              return made;
            });
  }

  /** Breaks it from the client's side. With the lock held, as all below. */
  void cut(Throwable reason) {
    if (!open) return;
    shut();
    if (call != null) call.cut(reason);
    call = null;
  }

  /** Closes it from the server's side; what is on its way to the client still arrives. */
  void closedByServer() {
    shut();
    call = null;
  }

  /** Closes it when its call is over, or now when there is none. */
  void closeAfter() {
    closing = true;
    if (call == null) shut();
  }

  void callOver(MemoryCall which) {
    if (call != which) return;
    if (which.response().ending() == BodyEnding.UNCLEAN) {
      cut(new EOFException(who + ": connection closed"));
    } else if (which.over()) {
      call = null;
      if (closing) {
        shut();
      } else {
        idle = engine.internalTimer(listener.idleTimeout(), this::closeIdle);
      }
    }
  }

  /** The listener closes: calls under way break. */
  void closedByListener(Throwable reason) {
    MemoryCall active = call;
    if (active != null) active.cutByListener(reason);
    closedByServer();
  }

  private void closeIdle() {
    if (call == null) shut();
  }

  private void shut() {
    if (!open) return;
    open = false;
    idle.cancel();
    listener.remove(this);
    engine.record(who, "closed");
  }

  long maxUnreadBodyBytes() {
    return listener.maxUnreadBodyBytes();
  }

  String authority() {
    return listener.authority();
  }

  InetSocketAddress address() {
    return address;
  }
}
