package dev.headgate.tck.broken;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends that tell errors otherwise than they are, or do not get over them. */
final class ErrorMutants {
  private static final int ERROR = 400;

  private ErrorMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        fault(
            "calls an unknown host a refusal",
            "E-02",
            "connect_failed",
            fault -> as(ErrorCode.CONNECT_FAILED, fault)),
        inbound("ends a pausing response cleanly", "E-06", "was: <CLEAN>", Polite::new),
        upstream("ends an aborted request cleanly", "E-07", "was: <CLEAN>", ErrorMutants::polite),
        fault(
            "calls a connection that takes too long a refusal",
            "E-10",
            "connect_failed",
            fault -> as(ErrorCode.CONNECT_FAILED, fault)),
        Mutant.backend(
                "connects for as long as it takes",
                "E-10",
                Mutant.IN_VAIN,
                Breaches.upstreamRequest(
                    request -> Requests.withConnectTimeout(request, Long.MAX_VALUE / 2)))
            .hanging(),
        inbound("loses Allow", "E-11", "but was: <[]>", Fields.lost("Allow")),
        inbound("cuts errors short", "E-12", "no member timestamp", Terse::new),
        inbound("loses Proxy-Status", "E-13", ": []", Fields.lost("Proxy-Status")),
        Mutant.backend(
            "tells whom it could not reach",
            "E-14",
            ".test is shown in",
            Breaches.upstream(ErrorMutants::talkative)),
        Mutant.backend(
            "is done with a client after an error",
            "E-15",
            "the connection broke",
            backend -> {
              Set<InetSocketAddress> failed = ConcurrentHashMap.newKeySet();
              return Breaches.inbound(exchange -> new Resentful(exchange, failed)).apply(backend);
            }),
        Mutant.backend(
            "does not tell how long a request's body is",
            "E-16",
            "expected: <0> but was: <1>",
            Breaches.requestBody(Lengthless::new)),
        inbound("sends errors to HEAD in full", "E-17", "where there can be none", Headless::new),
        upstream("ends a trickling request cleanly", "E-25", "was: <CLEAN>", ErrorMutants::polite));
  }

  private static Mutant inbound(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static Mutant upstream(
      String what, String rule, String telling, UnaryOperator<UpstreamClient> around) {
    return Mutant.backend(what, rule, telling, Breaches.upstream(around));
  }

  private static Mutant fault(
      String what, String rule, String telling, UnaryOperator<UpstreamFault> change) {
    return Mutant.backend(
        what, rule, telling, Breaches.upstreamListener(listener -> new Telling(listener, change)));
  }

  private static UpstreamFault as(ErrorCode code, UpstreamFault fault) {
    return new UpstreamFault(code, fault.phase(), fault.detail(), fault.retrySafe(), fault.cause());
  }

  private static UpstreamClient talkative(UpstreamClient client) {
    return (request, listener) ->
        client.send(
            request,
            new Telling(
                listener,
                fault ->
                    new UpstreamFault(
                        fault.code(),
                        fault.phase(),
                        request.target() + " can't be reached.",
                        fault.retrySafe(),
                        fault.cause())));
  }

  private static UpstreamClient polite(UpstreamClient client) {
    return (request, listener) -> {
      BodySource body = request.body();
      if (body == null) return client.send(request, listener);
      Endable endable = new Endable(body);
      client.send(Requests.withBody(request, endable), listener);
      return reason -> endable.end();
    };
  }

  private static final class Telling extends ForwardingUpstreamListener {
    private final UnaryOperator<UpstreamFault> change;

    Telling(UpstreamListener listener, UnaryOperator<UpstreamFault> change) {
      super(listener);
      this.change = change;
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      super.onFailure(change.apply(fault));
    }
  }

  /** Knows no other way to end a response than a clean one. */
  private static final class Polite extends ForwardingInbound {
    Polite(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void abort(Throwable reason) {
      super.write(HeapContent.end(), true, null, Quiet.COMPLETION);
    }
  }

  /** A body that can be ended at any time. */
  private static final class Endable extends ForwardingBody {
    private final AtomicReference<@Nullable Runnable> pending = new AtomicReference<>();
    private volatile boolean ended;

    Endable(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      return ended ? HeapContent.end() : super.read();
    }

    @Override
    public void demand(Runnable ready) {
      pending.set(ready);
      super.demand(this::goOn);
      if (ended) goOn();
    }

    void end() {
      ended = true;
      goOn();
    }

    private void goOn() {
      Runnable ready = pending.getAndSet(null);
      if (ready != null) ready.run();
    }
  }

  /** Leaves a member out. */
  private static final class Terse extends ForwardingInbound {
    Terse(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if (status < ERROR || first == null) {
        super.respond(status, headers, first, last, done);
        return;
      }
      String text = StandardCharsets.UTF_8.decode(first.bytes()).toString();
      first.release();
      ByteBuffer less =
          StandardCharsets.UTF_8.encode(text.replaceFirst(",\"timestamp\":\"[^\"]*\"", ""));
      headers.replace("Content-Length", Integer.toString(less.remaining()));
      super.respond(status, headers, HeapContent.of(less, last), last, done);
    }
  }

  /** Breaks off what a client asks for after it got an error. */
  private static final class Resentful extends ForwardingInbound {
    private final Set<InetSocketAddress> failed;

    Resentful(InboundExchange exchange, Set<InetSocketAddress> failed) {
      super(exchange);
      this.failed = failed;
      if (failed.contains(exchange.client().address())) {
        exchange.abort(new EOFException("there was an error before"));
      }
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if (status >= ERROR) failed.add(client().address());
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Lengthless extends ForwardingBody {
    Lengthless(BodySource body) {
      super(body);
    }

    @Override
    public long length() {
      return -1;
    }
  }

  /** Tells the core of no HEAD. */
  private static final class Headless extends ForwardingInbound {
    Headless(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String method() {
      String method = super.method();
      return method.equals("HEAD") ? "GET" : method;
    }
  }
}
