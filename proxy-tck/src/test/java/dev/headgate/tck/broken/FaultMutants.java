package dev.headgate.tck.broken;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chains and backends that are wrong about the faults of plugins in bodies, or do not tell of them.
 */
final class FaultMutants {
  private FaultMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        interceptor(
            "calls an observer again that failed",
            "P-37",
            "expected: <1> but was: <3>",
            Forgiving::new),
        Mutant.chain(
            "ends a body for an observer that failed",
            "P-37",
            "broke",
            Breaches.metadata(FaultMutants::closed)),
        interceptor("goes on unchanged after a fault", "P-39", Mutant.IN_VAIN, Forgiving::new)
            .hanging(),
        Mutant.backend(
            "ends a body cleanly that a fault cut off",
            "P-39",
            "expected: <UNCLEAN> but was: <CLEAN>",
            Breaches.inbound(InboundMutants.Polite::new)),
        effect(
            "takes KEEPS_LENGTH for any change",
            "expected: <4> but was: <null>",
            BodyEffect.CHANGES_LENGTH),
        effect(
            "takes KEEPS_LENGTH for no change", "expected: <2> but was: <1>", BodyEffect.OBSERVES),
        interceptor(
            "cuts and pads what a plugin puts",
            "P-40",
            "expected: <body> but was: <    >",
            Padding::new),
        interceptor(
            "does not tell of a fault in onRequest",
            "P-42",
            "expected: <1> but was: <0>",
            Swallowing::new),
        status("tells of faults in no field", "expected: <1> but was: <0>", Untold::new),
        status("tells of each fault as of the same hook", "failed open in onRequest", Vague::new),
        status("tells of faults where there are none", "expected: <null> but was: <me", Loud::new));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static Mutant effect(String what, String telling, BodyEffect effect) {
    return Mutant.chain(
        what, "P-40", telling, Breaches.metadata(metadata -> with(metadata, effect)));
  }

  private static Mutant status(String what, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, "P-42", telling, Breaches.inbound(around));
  }

  private static PluginMetadata with(PluginMetadata metadata, BodyEffect effect) {
    return PluginMetadata.builder(metadata.id())
        .priority(metadata.priority())
        .failurePolicy(metadata.failurePolicy())
        .requestBody(effect)
        .responseBody(effect)
        .build();
  }

  private static PluginMetadata closed(PluginMetadata metadata) {
    return PluginMetadata.builder(metadata.id())
        .priority(metadata.priority())
        .failurePolicy(FailurePolicy.FAIL_CLOSED)
        .requestBody(metadata.requestBody())
        .responseBody(metadata.responseBody())
        .build();
  }

  /** Puts the chunk itself where a call failed, and goes on. */
  private static final class Forgiving extends ForwardingInterceptor {
    Forgiving(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      try {
        super.onRequestChunk(ctx, chunk, out);
      } catch (Exception e) {
        out.pass(chunk);
      }
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      try {
        super.onResponseChunk(ctx, chunk, out);
      } catch (Exception e) {
        out.pass(chunk);
      }
    }
  }

  /** Makes what a plugin puts as long as it must be. */
  private static final class Padding extends ForwardingInterceptor {
    Padding(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      Taking taking = new Taking();
      super.onRequestChunk(ctx, chunk, taking);
      out.emit(taking.padded(chunk.size()));
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      Taking taking = new Taking();
      super.onResponseChunk(ctx, chunk, taking);
      out.emit(taking.padded(chunk.size()));
    }
  }

  private static final class Taking implements ChunkSink {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void pass(BodyChunk chunk) {
      emit(chunk.bytes());
    }

    @Override
    public void emit(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      taken.writeBytes(copy);
    }

    ByteBuffer padded(int size) {
      byte[] bytes = Arrays.copyOf(taken.toByteArray(), size);
      if (size > taken.size()) Arrays.fill(bytes, taken.size(), size, (byte) ' ');
      return ByteBuffer.wrap(bytes);
    }
  }

  private static final class Swallowing extends ForwardingInterceptor {
    Swallowing(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        return RequestDecision.proceed();
      }
    }
  }

  /** Changes the fields of responses. */
  private abstract static class Changing extends ForwardingInbound {
    Changing(InboundExchange exchange) {
      super(exchange);
    }

    abstract void change(HeaderList headers);

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      HeaderList others = headers.copy();
      change(others);
      super.respond(status, others, first, last, done);
    }
  }

  private static final class Untold extends Changing {
    Untold(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    void change(HeaderList headers) {
      headers.drop("Proxy-Status");
    }
  }

  private static final class Vague extends Changing {
    Vague(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    void change(HeaderList headers) {
      String told = headers.get("Proxy-Status");
      if (told != null)
        headers.replace("Proxy-Status", told.replaceAll("on[RE][A-Za-z]+", "onRequest"));
    }
  }

  private static final class Loud extends Changing {
    Loud(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    void change(HeaderList headers) {
      if (!headers.contains("Proxy-Status")) headers.append("Proxy-Status", "me");
    }
  }
}
