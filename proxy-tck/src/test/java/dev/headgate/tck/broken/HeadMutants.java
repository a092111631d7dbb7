package dev.headgate.tck.broken;

import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chains and backends that lose what plugins write to heads, or let them write what they must not.
 */
final class HeadMutants {
  private HeadMutants() {}

  static Stream<Mutant> all() {
    Map<String, Request> requests = new ConcurrentHashMap<>();
    Map<String, Response> responses = new ConcurrentHashMap<>();
    return Stream.of(
        mutant(
            "shows plugins behind the request as it came",
            "P-06",
            "but was: <GET /old?x=1 0 [first] 1>",
            Hook.REQUEST,
            ctx -> Contexts.request(head -> asItCame(ctx, head, requests)).apply(ctx)),
        mutant(
            "sets a field by adding a line",
            "P-06",
            "but was: <DELETE /new?y=2 0 ",
            Hook.REQUEST,
            Contexts.request(Contexts.requestFields(Adding::new))),
        Mutant.backend(
            "sends on the method as it came",
            "P-06",
            "expected: <DELETE> but was: <GET>",
            HeadMutants::sameMethod),
        mutant(
            "shows plugins before the response as it came",
            "P-07",
            "but was: <200 0 [first] 1>",
            Hook.RESPONSE_HEADERS,
            ctx -> Contexts.response(head -> asItCame(ctx, head, responses)).apply(ctx)),
        mutant(
            "removes no field",
            "P-07",
            "but was: <203 1 [first, second] 1>",
            Hook.RESPONSE_HEADERS,
            Contexts.response(Contexts.responseFields(Keeping::new))),
        Mutant.backend(
            "sends the upstream's status whatever it became",
            "P-07",
            "expected: <203> but was: <200>",
            HeadMutants::sameStatus),
        mutant(
            "does not refuse writes from another thread",
            "P-24",
            "thread in onRequest",
            Hook.REQUEST,
            Contexts.request(Unguarded::new)),
        mutant(
            "does not refuse writes in a chunk hook",
            "P-24",
            "but was: <[onRequestChunk]>",
            Hook.REQUEST_CHUNK,
            Contexts.request(Unguarded::new)),
        mutant(
            "does not refuse writes to a request that was sent",
            "P-24",
            "but was: <[request in onResponseChunk]>",
            Hook.RESPONSE_CHUNK,
            Contexts.request(Unguarded::new)),
        mutant(
            "cleans a request's fields of line ends",
            "P-25",
            "request set value 13",
            Hook.REQUEST,
            Contexts.request(Contexts.requestFields(Cleaning::new))),
        mutant(
            "lets NUL be in a response's field",
            "P-25",
            "response set value 0]",
            Hook.RESPONSE_HEADERS,
            Contexts.response(Contexts.responseFields(Nulls::new))));
  }

  private static Mutant mutant(
      String what, String rule, String telling, Hook hook, UnaryOperator<ProxyContext> around) {
    return Mutant.chain(what, rule, telling, Contexts.in(Set.of(hook), around));
  }

  private static Backend sameMethod(Backend backend) {
    AtomicReference<String> method = new AtomicReference<>("");
    Backend noting =
        Breaches.inbound(
                exchange -> {
                  method.set(exchange.method());
                  return exchange;
                })
            .apply(backend);
    return Breaches.upstreamRequest(
            request ->
                new UpstreamRequest(
                    request.destination(),
                    method.get(),
                    request.pathAndQuery(),
                    request.headers(),
                    request.body(),
                    request.expectContinue(),
                    request.connectTimeoutNanos(),
                    request.tlsTimeoutNanos()))
        .apply(noting);
  }

  private static Backend sameStatus(Backend backend) {
    AtomicInteger upstreams = new AtomicInteger();
    Backend noting =
        Breaches.upstreamListener(
                listener ->
                    new ForwardingUpstreamListener(listener) {
                      @Override
                      public void onResponse(
                          int status, HeaderList headers, @Nullable BodySource body) {
                        upstreams.set(status);
                        super.onResponse(status, headers, body);
                      }
                    })
            .apply(backend);
    return Breaches.inbound(
            exchange ->
                new ForwardingInbound(exchange) {
                  @Override
                  public void respond(
                      int status,
                      HeaderList headers,
                      @Nullable Content first,
                      boolean last,
                      Completion done) {
                    super.respond(upstreams.get(), headers, first, last, done);
                  }
                })
        .apply(noting);
  }

  /** A request's head when the first plugin saw it. */
  private record Request(
      String method, String path, @Nullable String query, List<HeaderField> fields) {
    static Request of(RequestHead head) {
      return new Request(
          head.method(), head.path(), head.query(), List.copyOf(head.headers().fields()));
    }
  }

  private static RequestHead asItCame(
      ProxyContext ctx, RequestHead head, Map<String, Request> came) {
    Request before = came.computeIfAbsent(ctx.requestId(), id -> Request.of(head));
    return new ForwardingRequestHead(head) {
      @Override
      public String method() {
        return before.method();
      }

      @Override
      public String path() {
        return before.path();
      }

      @Override
      public @Nullable String query() {
        return before.query();
      }

      @Override
      public MutableHeaders headers() {
        return new Stale(super.headers(), before.fields());
      }
    };
  }

  /** A response's head when the first plugin saw it. */
  private record Response(int status, List<HeaderField> fields) {
    static Response of(ResponseHead head) {
      return new Response(head.status(), List.copyOf(head.headers().fields()));
    }
  }

  private static ResponseHead asItCame(
      ProxyContext ctx, ResponseHead head, Map<String, Response> came) {
    Response before = came.computeIfAbsent(ctx.requestId(), id -> Response.of(head));
    return new ForwardingResponseHead(head) {
      @Override
      public int status() {
        return before.status();
      }

      @Override
      public MutableHeaders headers() {
        return new Stale(super.headers(), before.fields());
      }
    };
  }

  /** Shows the fields of another time. */
  private static final class Stale extends ForwardingHeaders {
    private final List<HeaderField> fields;

    Stale(MutableHeaders headers, List<HeaderField> fields) {
      super(headers);
      this.fields = fields;
    }

    @Override
    public List<String> all(String name) {
      return fields.stream()
          .filter(field -> field.name().equalsIgnoreCase(name))
          .map(HeaderField::value)
          .toList();
    }

    @Override
    public @Nullable String get(String name) {
      return all(name).stream().findFirst().orElse(null);
    }
  }

  private static final class Adding extends ForwardingHeaders {
    Adding(MutableHeaders headers) {
      super(headers);
    }

    @Override
    public void set(String name, String value) {
      super.add(name, value);
    }
  }

  private static final class Keeping extends ForwardingHeaders {
    Keeping(MutableHeaders headers) {
      super(headers);
    }

    @Override
    public boolean remove(String name) {
      return contains(name);
    }
  }

  /** Takes writes that are not allowed for ones that change nothing. */
  private static final class Unguarded extends ForwardingRequestHead {
    Unguarded(RequestHead head) {
      super(head);
    }

    @Override
    public void method(String method) {
      unguarded(() -> super.method(method));
    }

    @Override
    public void path(String path) {
      unguarded(() -> super.path(path));
    }

    @Override
    public void query(@Nullable String query) {
      unguarded(() -> super.query(query));
    }

    @Override
    public MutableHeaders headers() {
      return new ForwardingHeaders(super.headers()) {
        @Override
        public void set(String name, String value) {
          unguarded(() -> super.set(name, value));
        }

        @Override
        public void add(String name, String value) {
          unguarded(() -> super.add(name, value));
        }

        @Override
        public boolean remove(String name) {
          unguarded(() -> super.remove(name));
          return false;
        }
      };
    }

    private static void unguarded(Runnable write) {
      try {
        write.run();
      } catch (IllegalStateException e) {
        // As if it were a write to a copy.
      }
    }
  }

  /** Leaves out what can't be in a message. */
  private static final class Cleaning extends ForwardingHeaders {
    Cleaning(MutableHeaders headers) {
      super(headers);
    }

    @Override
    public void set(String name, String value) {
      super.set(clean(name), clean(value));
    }

    @Override
    public void add(String name, String value) {
      super.add(clean(name), clean(value));
    }

    private static String clean(String text) {
      return text.replaceAll("[\r\n\0]", "");
    }
  }

  /** Looks for line ends only. */
  private static final class Nulls extends ForwardingHeaders {
    Nulls(MutableHeaders headers) {
      super(headers);
    }

    @Override
    public void set(String name, String value) {
      super.set(name, value.replace('\0', '?'));
    }
  }
}
