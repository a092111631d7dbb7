package dev.headgate.jetty;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.tck.broken.ForwardingEngine;
import dev.headgate.tck.broken.ForwardingListener;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A backend whose listeners are reached by HTTP/2 only: what stands in front of each takes a test's
 * HTTP/1.1, and hands it on without a change but for the version.
 */
final class Http2Front implements Backend {
  private final Backend backend;

  Http2Front(Backend backend) {
    this.backend = backend;
  }

  @Override
  public String name() {
    return backend.name() + " over HTTP/2";
  }

  /**
   * An upgrade is none of HTTP/2's, CONNECT has no place in front of a listener, and what stands
   * there can't hand on an absolute-form.
   */
  @Override
  public Set<Capability> capabilities() {
    Set<Capability> left = EnumSet.copyOf(backend.capabilities());
    left.remove(Capability.UPGRADE);
    left.remove(Capability.CONNECT);
    left.remove(Capability.FORWARD);
    left.remove(Capability.INSPECTION);
    return Set.copyOf(left);
  }

  @Override
  public Engine start(EngineOptions options) throws Exception {
    Engine front = backend.start(options);
    return new FrontedEngine(front, backend.start(options));
  }

  /** The engine of the backend, behind listeners of another one. */
  private static final class FrontedEngine extends ForwardingEngine {
    private final Engine front;

    FrontedEngine(Engine front, Engine engine) {
      super(engine);
      this.front = front;
    }

    @Override
    public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
      ListenOptions behind =
          new ListenOptions(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              options.maxRequestLineBytes(),
              options.maxHeaderBytes(),
              options.maxUnreadBodyBytes(),
              options.headTimeout(),
              options.idleTimeout());
      Listener listener = super.listen(behind, handler);
      HostPort address = new HostPort("127.0.0.1", listener.address().getPort());
      Destination destination =
          new Destination(new Target("http", address), Destination.Protocol.HTTP_2, null);
      Bridge bridge = new Bridge(front.upstream(), destination, handler, front.blockingExecutor());
      Listener before = front.listen(options, bridge);
      return new ForwardingListener(before) {
        @Override
        public void start() {
          listener.start();
          super.start();
        }

        @Override
        public void stopAccepting() {
          super.stopAccepting();
          listener.stopAccepting();
        }

        @Override
        public void close() {
          super.close();
          listener.close();
        }
      };
    }

    @Override
    public void close() {
      front.close();
      super.close();
    }
  }

  private record Bridge(
      UpstreamClient client, Destination destination, InboundHandler handler, Executor blocking)
      implements InboundHandler {
    private static final Completion IGNORED =
        new Completion() {
          @Override
          public void succeeded() {}

          @Override
          public void failed(Throwable reason) {}
        };

    @Override
    public void handle(InboundExchange exchange) {
      if (exchange.method().equals("CONNECT")) {
        exchange.onClientGone(reason -> {});
        blocking.execute(() -> connect(exchange));
        return;
      }
      HeaderList headers = exchange.headers();
      boolean trailers = "trailers".equals(headers.get("TE"));
      for (String named : headers.all("Connection")) {
        for (String name : named.split(",", -1)) headers.drop(name.trim());
      }
      headers.drop("Connection");
      if (trailers) headers.replace("TE", "trailers");
      headers.drop("Keep-Alive");
      headers.drop("Proxy-Connection");
      headers.drop("Transfer-Encoding");
      headers.drop("Upgrade");
      boolean expects = exchange.body() != null && headers.contains("Expect");
      Crossing crossing = new Crossing(exchange);
      long wait = TimeUnit.SECONDS.toNanos(20);
      crossing.call =
          client.send(
              new UpstreamRequest(
                  destination,
                  exchange.method(),
                  path(exchange.target()),
                  headers,
                  exchange.body(),
                  expects,
                  wait,
                  wait),
              crossing);
      exchange.onClientGone(crossing.call::abort);
    }

    /**
     * The upstream client sends no CONNECT: one is a question to itself. So this one is by hand.
     */
    private void connect(InboundExchange exchange) {
      try (Frames client = Frames.connect(destination.target().address().port())) {
        client.head(1, true, ":method: CONNECT", ":authority: " + exchange.target());
        Frames.Frame head = client.of(1);
        HeaderList headers = new HeaderList();
        for (String field : head.fields()) {
          int colon = field.indexOf(": ");
          if (colon > 0 && !field.startsWith(":")) {
            headers.append(field.substring(0, colon), field.substring(colon + 2));
          }
        }
        ByteBuffer body = ByteBuffer.wrap(client.body(1).getBytes(StandardCharsets.ISO_8859_1));
        exchange.respond(head.status(), headers, HeapContent.of(body, true), true, IGNORED);
      } catch (RuntimeException | AssertionError e) {
        exchange.abort(e);
      }
    }

    /** HTTP/2 has no absolute form. */
    private static String path(String target) {
      if (!target.startsWith("http://")) return target;
      int slash = target.indexOf('/', "http://".length());
      return slash < 0 ? "/" : target.substring(slash);
    }

    @Override
    public DirectResponse reject(ErrorCode code, String detail) {
      return handler.reject(code, detail);
    }
  }

  /** One exchange on its way back. */
  private static final class Crossing implements UpstreamListener, Completion, Runnable {
    private final InboundExchange exchange;
    private volatile UpstreamCall call;

    // Guarded by this.
    private final Queue<Runnable> writes = new ArrayDeque<>();
    private boolean writing;

    private BodySource body;

    Crossing(InboundExchange exchange) {
      this.exchange = exchange;
    }

    private void write(Runnable write) {
      synchronized (this) {
        if (writing) {
          writes.add(write);
          return;
        }
        writing = true;
      }
      write.run();
    }

    @Override
    public void succeeded() {
      Runnable next;
      synchronized (this) {
        next = writes.poll();
        if (next == null) writing = false;
      }
      if (next != null) next.run();
    }

    @Override
    public void failed(Throwable reason) {
      UpstreamCall sent = call;
      if (sent != null) sent.abort(reason);
    }

    @Override
    public void onConnected() {}

    @Override
    public void onRequestSent() {}

    @Override
    public void onInterim(int status, HeaderList headers) {
      if (status != 100) write(() -> exchange.interim(status, headers, this));
    }

    @Override
    public void onResponse(int status, HeaderList headers, BodySource received) {
      body = received;
      write(() -> exchange.respond(status, headers, null, received == null, this));
      if (received != null) write(this);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      exchange.abort(new EOFException(fault.detail()));
    }

    /** Passes the next piece on. */
    @Override
    public void run() {
      Content piece = body.read();
      if (piece == null) {
        body.demand(this);
      } else if (piece.failure() != null) {
        exchange.abort(piece.failure());
      } else {
        boolean last = piece.last();
        if (!last) {
          synchronized (this) {
            writes.add(this);
          }
        }
        exchange.write(piece, last, last ? body.trailers() : null, this);
      }
    }
  }
}
