package dev.headgate.tck.memory;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scripted upstream, registered under a host and port. Answers by a script, or hands its requests
 * to the test one by one. Thread-safe.
 */
public final class MemoryOrigin {
  /** What happens to one who connects. */
  enum Mode {
    ACCEPTING,
    REFUSING,
    HANGING
  }

  final Set<UpstreamConnection> busy = new LinkedHashSet<>();
  final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  final ArrayDeque<UpstreamExchange> waiting = new ArrayDeque<>();
  private final MemoryEngine engine;
  private final String name;
  private final ArrayDeque<OriginExchange> untaken = new ArrayDeque<>();
  private Mode mode = Mode.ACCEPTING;
  private boolean pausing;
  private @Nullable Consumer<OriginExchange> script;
  private int opened;
  private int aborted;
  private int returned;
  private int requests;

  MemoryOrigin(MemoryEngine engine, String name) {
    this.engine = engine;
    this.name = name;
  }

  /**
   * Refuses connections from now on.
   *
   * @return this
   */
  public MemoryOrigin refusing() {
    return mode(Mode.REFUSING);
  }

  /**
   * Lets connections neither succeed nor fail from now on, so that the connect timeout passes.
   *
   * @return this
   */
  public MemoryOrigin hanging() {
    return mode(Mode.HANGING);
  }

  /**
   * Accepts connections from now on, those that hang included. It is so at first.
   *
   * @return this
   */
  public MemoryOrigin accepting() {
    mode(Mode.ACCEPTING);
    engine.loop().locked(() -> engine.memoryUpstream().serveWaiting(this));
    return this;
  }

  /**
   * Pauses the bodies of requests from their beginning, so that nothing is taken before the test
   * says so.
   *
   * @return this
   */
  public MemoryOrigin pausingBodies() {
    engine.loop().locked(() -> pausing = true);
    return this;
  }

  private MemoryOrigin mode(Mode next) {
    engine.loop().locked(() -> mode = next);
    return this;
  }

  /**
   * Sets what is done with each request. Without a script, requests wait for {@link #take()}.
   *
   * @param answer called on the dispatcher when the request's head came; must not block
   * @return this
   */
  public MemoryOrigin script(Consumer<OriginExchange> answer) {
    engine.loop().locked(() -> script = answer);
    return this;
  }

  /**
   * Answers each request in the same way, when all of it has come.
   *
   * @param status the status
   * @param text the body
   * @param namesAndValues the fields
   * @return this
   */
  public MemoryOrigin answering(int status, String text, String... namesAndValues) {
    return script(
        exchange -> exchange.onRequestEnd(() -> exchange.answer(status, text, namesAndValues)));
  }

  /**
   * Waits for the next request that no script took. For the test's thread.
   *
   * @return the request
   */
  public OriginExchange take() {
    engine.loop().await(name + " has received a request", () -> !untaken.isEmpty());
    return engine.loop().get(untaken::remove);
  }

  /** Closes the idle connections, as upstreams do after a while. */
  public void closeIdleConnections() {
    engine.loop().locked(() -> List.copyOf(idle).forEach(UpstreamConnection::close));
  }

  /**
   * Returns how many requests came.
   *
   * @return 0 or more
   */
  public int requests() {
    return engine.loop().get(() -> requests);
  }

  /**
   * Returns how many connections were opened.
   *
   * @return 0 or more
   */
  public int connectionsOpened() {
    return engine.loop().get(() -> opened);
  }

  /**
   * Returns how often a connection was closed because its exchange did not end well: aborted by the
   * proxy, or by this upstream, or answered before all of the request was sent.
   *
   * @return 0 or more
   */
  public int connectionsAborted() {
    return engine.loop().get(() -> aborted);
  }

  /**
   * Returns how often a connection went back to the pool.
   *
   * @return 0 or more
   */
  public int connectionsReturned() {
    return engine.loop().get(() -> returned);
  }

  /**
   * Returns how many connections serve a request now.
   *
   * @return 0 or more
   */
  public int busyConnections() {
    return engine.loop().get(busy::size);
  }

  /**
   * Returns how many connections are in the pool, unused.
   *
   * @return 0 or more
   */
  public int idleConnections() {
    return engine.loop().get(idle::size);
  }

  /** Hands a request over. With the lock held. */
  void receive(OriginExchange exchange) {
    requests++;
    if (pausing) exchange.body().pause();
    Consumer<OriginExchange> answer = script;
    if (answer == null) {
      untaken.add(exchange);
    } else {
      engine.loop().enqueue(() -> answer.accept(exchange));
    }
  }

  Mode mode() {
    return mode;
  }

  String name() {
    return name;
  }

  int nextConnection() {
    return ++opened;
  }

  void countAborted() {
    aborted++;
  }

  void countReturned() {
    returned++;
  }
}
