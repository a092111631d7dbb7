package dev.headgate.tck.memory;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What stands for a listening socket. State is guarded by the engine's lock. */
final class MemoryListener implements Listener {
  private static final Completion IGNORED =
      new Completion() {
        @Override
        public void succeeded() {}

        @Override
        public void failed(Throwable reason) {}
      };

  private final MemoryEngine engine;
  private final InetSocketAddress address;
  private final ListenOptions options;
  private final InboundHandler handler;
  private final Set<MemoryClient> connections = new LinkedHashSet<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean started;
  private boolean accepting = true;
  private boolean open = true;

  MemoryListener(
      MemoryEngine engine,
      InetSocketAddress address,
      ListenOptions options,
      InboundHandler handler) {
    this.engine = engine;
    this.address = address;
    this.options = options;
    this.handler = handler;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void start() {
    engine
        .loop()
        .locked(
            () -> {
              if (started) engine.violation("start() of a listener twice");
              started = true;
              waiting.forEach(engine.loop()::enqueue);
              waiting.clear();
            });
  }

  @Override
  public void stopAccepting() {
    engine
        .loop()
        .locked(
            () -> {
              accepting = false;
              List.copyOf(connections).forEach(MemoryClient::closeAfter);
            });
  }

  @Override
  public void close() {
    engine
        .loop()
        .locked(
            () -> {
              if (!open) return;
              open = false;
              accepting = false;
              EOFException reason = new EOFException("the listener was closed");
              List.copyOf(connections).forEach(client -> client.closedByListener(reason));
              engine.removeListener(this);
            });
  }

  boolean accepts() {
    return accepting;
  }

  void add(MemoryClient client) {
    connections.add(client);
  }

  void remove(MemoryClient client) {
    connections.remove(client);
  }

  int connectionCount() {
    return connections.size();
  }

  /** Takes a request, or refuses it. With the lock held. */
  void receive(MemoryCall call) {
    MemoryRequest request = call.request();
    MemoryExchange exchange = call.start();
    if (request.lineBytes() > options.maxRequestLineBytes()) {
      reject(call, exchange, ErrorCode.URI_TOO_LONG, "The request line is too long.");
    } else if (Heads.size(request.headers()) > options.maxHeaderBytes()) {
      reject(call, exchange, ErrorCode.FIELDS_TOO_LARGE, "The fields are too large.");
    } else if (Heads.contentLength(request.headers()) == -2) {
      reject(call, exchange, ErrorCode.BAD_REQUEST, "Content-Length makes no sense.");
    } else {
      engine.exchangeStarted(exchange);
      hand(() -> engine.loop().call("handle()", () -> handler.handle(exchange)));
    }
  }

  private void reject(MemoryCall call, MemoryExchange exchange, ErrorCode code, String detail) {
    call.connection().closeAfter();
    hand(
        () -> engine.loop().call("reject()", () -> answer(exchange, handler.reject(code, detail))));
  }

  /** Calls the core, once it has started the listener. With the lock held. */
  private void hand(Runnable task) {
    if (started) {
      engine.loop().enqueue(task);
    } else {
      waiting.add(task);
    }
  }

  private void answer(MemoryExchange exchange, DirectResponse response) {
    if (!(response.body() instanceof DirectResponse.Bytes body)) {
      engine.violation("reject() must give its body as bytes");
      exchange.abort(new EOFException("rejected"));
      return;
    }
    ByteBuffer bytes = body.bytes().duplicate();
    HeaderList headers = HeaderList.of(response.headers());
    exchange.respond(response.status(), headers, HeapContent.of(bytes, true), true, IGNORED);
  }

  long maxUnreadBodyBytes() {
    return options.maxUnreadBodyBytes();
  }

  Duration idleTimeout() {
    return options.idleTimeout();
  }

  String authority() {
    String host = address.getHostString();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
