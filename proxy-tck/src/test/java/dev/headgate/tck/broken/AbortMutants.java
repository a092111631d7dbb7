package dev.headgate.tck.broken;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends and chains that do not notice that somebody left, or do not let go. */
final class AbortMutants {
  private AbortMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        Mutant.backend(
                "looks for a client that left at the end of its body only",
                "S-10",
                Mutant.IN_VAIN,
                Breaches.inbound(Absorbed::new))
            .hanging(),
        Mutant.backend(
                "watches clients from the first request to an upstream on",
                "S-11",
                Mutant.IN_VAIN,
                AbortMutants::late)
            .hanging(),
        Mutant.backend(
                "watches no client between the upstream's answer and its own",
                "S-12",
                Mutant.IN_VAIN,
                AbortMutants::blinking)
            .hanging(),
        Mutant.backend(
                "keeps a request open whose response is complete",
                "S-16",
                Mutant.IN_VAIN,
                Breaches.upstream(AbortMutants::clinging))
            .hanging(),
        Mutant.chain(
            "takes a publisher's failure for its end",
            "S-22",
            "was: <CLEAN>",
            Breaches.interceptor(one -> publishing(one, Complete::new))),
        Mutant.chain(
            "takes a publisher's fault for its end",
            "P-50",
            "was: <CLEAN>",
            Breaches.interceptor(one -> publishing(one, Complete::new))),
        Mutant.chain(
            "does not say whose body failed",
            "P-50",
            "but was: <dev.headgate.api.error.ProxyFault>",
            Breaches.interceptor(Unnamed::new)),
        Mutant.chain(
            "takes a publisher's fault for its end, where it is collected",
            "P-51",
            "expected: <500> but was: <200>",
            Breaches.interceptor(one -> publishing(one, Complete::new))),
        Mutant.chain(
                "cancels no publisher",
                "S-22",
                Mutant.IN_VAIN,
                Breaches.interceptor(one -> publishing(one, Uncancelled::new)))
            .hanging());
  }

  private static Backend late(Backend backend) {
    AtomicBoolean asked = new AtomicBoolean();
    Backend broken =
        Breaches.upstreamRequest(
                request -> {
                  asked.set(true);
                  return request;
                })
            .apply(backend);
    return Breaches.inbound(exchange -> new Watching(exchange, asked)).apply(broken);
  }

  private static Backend blinking(Backend backend) {
    AtomicBoolean watching = new AtomicBoolean(true);
    Backend broken =
        Breaches.upstreamListener(listener -> new Closing(listener, watching)).apply(backend);
    return Breaches.inbound(exchange -> new Watching(exchange, watching)).apply(broken);
  }

  private static UpstreamClient clinging(UpstreamClient client) {
    return (request, listener) -> {
      BodySource body = request.body();
      if (body == null) return client.send(request, listener);
      UpstreamCall unused =
          client.send(Requests.withBody(request, new Silent(body)), new Counting(listener));
      return reason -> {};
    };
  }

  /** A body of which nobody learns that it failed. */
  private static final class Silent extends ForwardingBody {
    private volatile boolean failed;

    Silent(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      Content next = super.read();
      if (next == null || next.failure() == null) return next;
      failed = true;
      return null;
    }

    @Override
    public void demand(Runnable ready) {
      if (!failed) super.demand(ready);
    }
  }

  private static final class Absorbed extends ForwardingInbound {
    private final @Nullable BodySource body;

    Absorbed(InboundExchange exchange) {
      super(exchange);
      BodySource real = exchange.body();
      body = real == null ? null : new Silent(real);
    }

    @Override
    public @Nullable BodySource body() {
      return body;
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(body == null ? gone : reason -> {});
    }
  }

  /** Tells of a client that left only while somebody watches; an answer opens the eyes. */
  private static final class Watching extends ForwardingInbound {
    private final AtomicBoolean watched;

    Watching(InboundExchange exchange, AtomicBoolean watched) {
      super(exchange);
      this.watched = watched;
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(
          reason -> {
            if (watched.get()) gone.accept(reason);
          });
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      watched.set(true);
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Closing extends ForwardingUpstreamListener {
    private final AtomicBoolean watching;

    Closing(UpstreamListener listener, AtomicBoolean watching) {
      super(listener);
      this.watching = watching;
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      watching.set(false);
      super.onResponse(status, headers, body);
    }
  }

  /** Is done with a response after as many bytes as it said. */
  private static final class Counting extends ForwardingUpstreamListener {
    Counting(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      super.onResponse(status, headers, body == null ? null : new Counted(body));
    }
  }

  private static final class Counted extends ForwardingBody {
    private long left;

    Counted(BodySource body) {
      super(body);
      left = body.length();
    }

    @Override
    public @Nullable Content read() {
      if (left == 0) return HeapContent.end();
      Content next = super.read();
      if (next != null) left -= next.size();
      return next;
    }
  }

  /** Tells of all that fails as of something of the proxy's own. */
  private static final class Unnamed extends ForwardingInterceptor {
    Unnamed(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
        throws Exception {
      super.onError(
          ctx,
          new ProxyFault(ErrorCode.INTERNAL, error.phase(), error.detail(), error.cause()),
          summary);
    }
  }

  /** Puts something around each publisher with which a plugin answers. */
  private static Interceptor publishing(Interceptor interceptor, Around around) {
    return new ForwardingInterceptor(interceptor) {
      @Override
      public RequestDecision onRequest(ProxyContext ctx) throws Exception {
        RequestDecision decision = super.onRequest(ctx);
        if (!(decision instanceof RequestDecision.Respond answer)) return decision;
        DirectResponse given = answer.response();
        if (!(given.body() instanceof DirectResponse.Stream stream)) return decision;
        Flow.Publisher<ByteBuffer> publisher =
            subscriber -> stream.publisher().subscribe(around.subscriber(subscriber));
        return RequestDecision.respond(
            new DirectResponse(
                given.status(), given.headers(), new DirectResponse.Stream(publisher)));
      }
    };
  }

  private interface Around {
    Flow.Subscriber<ByteBuffer> subscriber(Flow.Subscriber<? super ByteBuffer> within);
  }

  private record Complete(Flow.Subscriber<? super ByteBuffer> within)
      implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      within.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      within.onNext(bytes);
    }

    @Override
    public void onError(Throwable reason) {
      within.onComplete();
    }

    @Override
    public void onComplete() {
      within.onComplete();
    }
  }

  private record Uncancelled(Flow.Subscriber<? super ByteBuffer> within)
      implements Flow.Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      within.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              subscription.request(count);
            }

            @Override
            public void cancel() {}
          });
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      within.onNext(bytes);
    }

    @Override
    public void onError(Throwable reason) {
      within.onError(reason);
    }

    @Override
    public void onComplete() {
      within.onComplete();
    }
  }
}
