package dev.headgate.tck.broken;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chains and backends that are wrong about whole bodies: those collected, and those put instead.
 */
final class WholeBodyMutants {
  private WholeBodyMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        interceptor(
            "keeps a collected body from the chunk hook",
            "P-16",
            "expected: <one,two> but was: <>",
            Once::new),
        Mutant.chain(
            "gives only the beginning of a body",
            "P-16",
            "expected: <one,two> but was: <one,tw>",
            Decisions.requests(one -> collecting(one, 0, WholeBodyMutants::shorter))),
        Mutant.chain(
            "takes more of a request than the limit",
            "P-17",
            "expected: <413> but was: <200>",
            Decisions.requests(one -> collecting(one, 1, body -> body))),
        Mutant.chain(
            "takes less of a request than the limit",
            "P-17",
            "expected: <ok> but was: <{",
            Decisions.requests(one -> collecting(one, -1, body -> body))),
        Mutant.chain(
            "does not ask where there is no body",
            "P-18",
            "expected: <0> but was: <-1>",
            Decisions.requests(WholeBodyMutants::onlyBodies)),
        Mutant.backend(
            "announces a body where there is none",
            "P-18",
            "expected: <null> but was: <0>",
            Breaches.upstreamRequest(WholeBodyMutants::announcing)),
        Mutant.chain(
            "sends the client's body instead of the other",
            "P-19",
            "expected: <10> but was: <29>",
            Decisions.requests(WholeBodyMutants::unchanged)),
        Mutant.backend(
            "sends another request body without its length",
            "P-19",
            "expected: <10> but was: <null>",
            Breaches.upstreamRequest(WholeBodyMutants::unframed)),
        Mutant.chain(
            "puts another response's status and body only",
            "P-20",
            "expected: <1> but was: <null>",
            Decisions.responses(WholeBodyMutants::edited)),
        interceptor(
            "replaces status and body, but keeps the fields",
            "P-20",
            "expected: <null> but was: <1>",
            Mixing::new),
        Mutant.backend(
                "reads on a response that was replaced",
                "P-20",
                Mutant.IN_VAIN,
                Breaches.responseBody(Stubborn::new))
            .hanging(),
        interceptor(
            "sends the head before the body is collected",
            "P-21",
            "expected: <203> but was: <200>",
            Early::new),
        Mutant.chain(
                "takes more of a response than the limit",
                "P-21",
                Mutant.IN_VAIN,
                Decisions.responses(one -> collecting(one, 1, body -> body)))
            .hanging(),
        Mutant.chain(
            "does not ask about a response without a body",
            "P-21",
            "expected: <203> but was: <200>",
            Decisions.responses(WholeBodyMutants::onlyBodies)),
        Mutant.chain(
            "makes a response of its own of another body",
            "P-22",
            "expected: <201> but was: <200>",
            Decisions.responses(WholeBodyMutants::anew)),
        Mutant.backend(
            "sends another response body without its length",
            "P-22",
            "expected: <10> but was: <null>",
            Breaches.inbound(Unframed::new)));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static RequestDecision collecting(
      RequestDecision decision, int more, UnaryOperator<CollectedBody> change) {
    return decision instanceof RequestDecision.WithBody with
        ? RequestDecision.withBody(
            with.maxBytes() + more, body -> with.then().apply(change.apply(body)))
        : decision;
  }

  private static ResponseDecision collecting(
      ResponseDecision decision, int more, UnaryOperator<CollectedBody> change) {
    return decision instanceof ResponseDecision.WithBody with
        ? ResponseDecision.withBody(
            with.maxBytes() + more, body -> with.then().apply(change.apply(body)))
        : decision;
  }

  private static CollectedBody shorter(CollectedBody body) {
    return new CollectedBody(body.bytes().limit(body.size() - 1));
  }

  private static RequestDecision onlyBodies(RequestDecision decision) {
    return decision instanceof RequestDecision.WithBody with
        ? RequestDecision.withBody(
            with.maxBytes(),
            body -> body.size() == 0 ? RequestDecision.proceed() : with.then().apply(body))
        : decision;
  }

  private static ResponseDecision onlyBodies(ResponseDecision decision) {
    return decision instanceof ResponseDecision.WithBody with
        ? ResponseDecision.withBody(
            with.maxBytes(),
            body -> body.size() == 0 ? ResponseDecision.proceed() : with.then().apply(body))
        : decision;
  }

  /** Lets what was collected pass by the plugin. */
  private static final class Once extends ForwardingInterceptor {
    private final Set<String> collected = ConcurrentHashMap.newKeySet();

    Once(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      if (decision instanceof RequestDecision.WithBody) collected.add(ctx.requestId());
      return decision;
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      if (collected.contains(ctx.requestId())) {
        out.pass(chunk);
      } else {
        super.onRequestChunk(ctx, chunk, out);
      }
    }
  }

  private static UpstreamRequest announcing(UpstreamRequest request) {
    if (request.body() == null) request.headers().append("Content-Length", "0");
    return request;
  }

  private static UpstreamRequest unframed(UpstreamRequest request) {
    request.headers().drop("Content-Length");
    return request;
  }

  private static RequestDecision unchanged(RequestDecision decision) {
    return decision instanceof RequestDecision.ProceedWithBody
        ? RequestDecision.proceed()
        : decision;
  }

  private static ResponseDecision edited(ResponseDecision decision) {
    if (!(decision instanceof ResponseDecision.Replace replace)) return decision;
    DirectResponse other = replace.response();
    return ResponseDecision.replace(DirectResponse.status(other.status()).bytes(bytes(other)));
  }

  private static ByteBuffer bytes(DirectResponse response) {
    return response.body() instanceof DirectResponse.Bytes bytes
        ? bytes.bytes().duplicate()
        : ByteBuffer.allocate(0);
  }

  private static final class Mixing extends ForwardingInterceptor {
    Mixing(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      ResponseDecision decision = super.onResponseHeaders(ctx);
      if (!(decision instanceof ResponseDecision.Replace replace)) return decision;
      ResponseHead head = Objects.requireNonNull(ctx.response());
      head.status(replace.response().status());
      for (HeaderField field : replace.response().headers()) {
        head.headers().set(field.name(), field.value());
      }
      return ResponseDecision.proceedWithBody(bytes(replace.response()));
    }
  }

  /** A body that does not heed that nobody wants it any more. */
  private static final class Stubborn extends ForwardingBody {
    Stubborn(BodySource body) {
      super(body);
    }

    @Override
    public void abort(Throwable reason) {}
  }

  /** Collects in the chunk hook, when the head is on its way. */
  private static final class Early extends ForwardingInterceptor {
    private record Collecting(
        Function<? super CollectedBody, ? extends ResponseDecision> then,
        ByteArrayOutputStream bytes) {}

    private final Map<String, Collecting> collecting = new ConcurrentHashMap<>();

    Early(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      ResponseDecision decision = super.onResponseHeaders(ctx);
      if (!(decision instanceof ResponseDecision.WithBody with)) return decision;
      collecting.put(ctx.requestId(), new Collecting(with.then(), new ByteArrayOutputStream()));
      return ResponseDecision.proceed();
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onResponseChunk(ctx, chunk, out);
      Collecting one = collecting.get(ctx.requestId());
      if (one == null) return;
      byte[] bytes = new byte[chunk.size()];
      chunk.bytes().get(bytes);
      one.bytes().writeBytes(bytes);
      if (!chunk.last()) return;
      try {
        CollectedBody body = new CollectedBody(ByteBuffer.wrap(one.bytes().toByteArray()));
        ResponseDecision unused = one.then().apply(body);
      } catch (IllegalStateException e) {
        // Too late for the head.
      }
    }
  }

  private static ResponseDecision anew(ResponseDecision decision) {
    return decision instanceof ResponseDecision.ProceedWithBody with
        ? ResponseDecision.replace(DirectResponse.status(200).bytes(with.body()))
        : decision;
  }

  private static final class Unframed extends ForwardingInbound {
    Unframed(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      HeaderList fewer = headers.copy();
      fewer.drop("Content-Length");
      super.respond(status, fewer, first, last, done);
    }
  }
}
