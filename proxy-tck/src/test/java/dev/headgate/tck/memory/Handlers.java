package dev.headgate.tck.memory;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Small cores, just large enough to try the backend through its SPI. */
final class Handlers {
  static final long CONNECT_NANOS = Duration.ofSeconds(10).toNanos();

  static final Completion IGNORED = completion(() -> {});

  private Handlers() {}

  static Listener listen(MemoryEngine engine, Consumer<InboundExchange> handler)
      throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ListenOptions options =
        new ListenOptions(any, 8192, 16 << 10, 1000, Duration.ofSeconds(5), Duration.ofSeconds(30));
    Listener listener = engine.listen(options, handler(handler));
    listener.start();
    return listener;
  }

  static InboundHandler handler(Consumer<InboundExchange> handler) {
    return new InboundHandler() {
      @Override
      public void handle(InboundExchange exchange) {
        handler.accept(exchange);
      }

      @Override
      public DirectResponse reject(ErrorCode code, String detail) {
        return DirectResponse.status(code.status()).text(detail);
      }
    };
  }

  static Completion completion(Runnable succeeded) {
    return new Completion() {
      @Override
      public void succeeded() {
        succeeded.run();
      }

      @Override
      public void failed(Throwable reason) {}
    };
  }

  static Content text(String text) {
    return HeapContent.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false);
  }

  /** Sends the request's body back. */
  static void echo(InboundExchange exchange) {
    BodySource body = exchange.body();
    if (body == null) {
      exchange.respond(200, new HeaderList(), text("nothing"), true, IGNORED);
    } else {
      Copier copier = new Copier(body, exchange);
      exchange.onClientGone(body::abort);
      exchange.respond(200, new HeaderList(), null, false, completion(copier::run));
    }
  }

  /** Moves a body by demand, one content at a time. */
  static final class Copier {
    private final BodySource from;
    private final InboundExchange to;
    private final AtomicInteger rounds = new AtomicInteger();

    Copier(BodySource from, InboundExchange to) {
      this.from = from;
      this.to = to;
    }

    void run() {
      if (rounds.getAndIncrement() > 0) return;
      do {
        step();
      } while (rounds.decrementAndGet() > 0);
    }

    private void step() {
      Content content = from.read();
      if (content == null) {
        from.demand(this::run);
        return;
      }
      if (content.failure() != null) {
        to.abort(content.failure());
        return;
      }
      boolean last = content.last();
      HeaderList trailers = last ? from.trailers() : null;
      to.write(
          content,
          last,
          trailers,
          new Completion() {
            @Override
            public void succeeded() {
              if (!last) run();
            }

            @Override
            public void failed(Throwable reason) {
              from.abort(reason);
            }
          });
    }
  }

  /** A proxy without plugins: passes everything to one origin. */
  static Consumer<InboundExchange> passTo(MemoryEngine engine, String host) {
    return inbound -> {
      HeaderList headers = inbound.headers().copy();
      boolean expects = inbound.headers().contains("Expect");
      UpstreamRequest request =
          new UpstreamRequest(
              Destination.of(new Target("http", new HostPort(host, 80))),
              inbound.method(),
              inbound.target(),
              headers,
              inbound.body(),
              expects,
              CONNECT_NANOS,
              0);
      AtomicReference<UpstreamCall> call = new AtomicReference<>();
      AtomicReference<Throwable> gone = new AtomicReference<>();
      inbound.onClientGone(
          reason -> {
            gone.set(reason);
            UpstreamCall sent = call.get();
            if (sent != null) sent.abort(reason);
          });
      call.set(engine.upstream().send(request, new Relay(inbound)));
      if (gone.get() != null) call.get().abort(gone.get());
    };
  }

  /** Answers as the upstream does; each call after the completion of the one before. */
  private static final class Relay implements UpstreamListener {
    private final InboundExchange to;
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private boolean busy;

    Relay(InboundExchange to) {
      this.to = to;
    }

    private void add(Runnable call) {
      synchronized (calls) {
        calls.add(call);
        if (busy) return;
        busy = true;
      }
      next();
    }

    private void next() {
      Runnable call;
      synchronized (calls) {
        call = calls.poll();
        busy = call != null;
      }
      if (call != null) call.run();
    }

    @Override
    public void onConnected() {}

    @Override
    public void onRequestSent() {}

    @Override
    public void onInterim(int status, HeaderList headers) {
      if (status != 100) add(() -> to.interim(status, headers, completion(this::next)));
    }

    @Override
    public void onResponse(int status, HeaderList headers, BodySource body) {
      if (body == null) {
        add(() -> to.respond(status, headers, null, true, IGNORED));
      } else {
        Copier copier = new Copier(body, to);
        add(() -> to.respond(status, headers, null, false, completion(copier::run)));
      }
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      Content detail = text(fault.code().id());
      add(() -> to.respond(fault.code().status(), new HeaderList(), detail, true, IGNORED));
    }
  }
}
