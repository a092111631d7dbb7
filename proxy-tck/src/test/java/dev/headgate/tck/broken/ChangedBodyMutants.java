package dev.headgate.tck.broken;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends and chains that are wrong about bodies that plugins change. */
final class ChangedBodyMutants {
  private ChangedBodyMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        metadata(
            "takes observers for plugins that change",
            "P-81",
            "but was: <null>",
            Variants::changingLengths),
        response(
            "takes a weak validator for a strong one",
            "P-82",
            "<W/\"1\"> but was: <\"1\">",
            ChangedBodyMutants::strengthen),
        Mutant.backend(
            "sends a digest of its own",
            "P-82",
            "Digest ==> expected: <null>",
            Breaches.upstreamRequest(ChangedBodyMutants::withDigest)),
        chain("passes what a plugin drops", "P-83", "but was: <drop<-keepk>", Keeping::new),
        chain("reverses what a plugin emits", "P-83", "but was: <>keepkeep-<>", Reversing::new),
        metadata(
            "shows coded bytes to plugins",
            "P-85",
            "Not in GZIP format",
            Variants::withoutPlainText),
        response(
            "loses the response's coding",
            "P-85",
            "<gzip> but was: <null>",
            headers -> headers.drop("Content-Encoding")),
        upstreamResponse(
            "does not tell of the coding",
            "P-86",
            "<500> but was: <200>",
            headers -> headers.drop("Content-Encoding")),
        response(
            "does not name a plugin that is passed by",
            "P-86",
            "null ==> expected: <true>",
            headers -> headers.drop("Proxy-Status")),
        upstreamResponse(
            "does not tell of no-transform",
            "P-87",
            "<fixed> but was: <FIXED>",
            headers -> headers.drop("Cache-Control")),
        metadata(
            "takes FAIL_OPEN for closed",
            "P-87",
            "<part> but was: <PART>",
            Variants::failingClosed),
        response(
            "does not name a plugin that is left out",
            "P-87",
            "null ==> expected: <true>",
            headers -> headers.drop("Proxy-Status")));
  }

  private static Mutant metadata(
      String what, String rule, String telling, UnaryOperator<PluginMetadata> change) {
    return Mutant.chain(what, rule, telling, Breaches.metadata(change));
  }

  private static Mutant chain(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  /** Changes the head of each response that goes out. */
  private static Mutant response(
      String what, String rule, String telling, Consumer<HeaderList> change) {
    return Mutant.backend(
        what,
        rule,
        telling,
        Breaches.inbound(
            exchange ->
                new ForwardingInbound(exchange) {
                  @Override
                  public void respond(
                      int status,
                      HeaderList headers,
                      @Nullable Content first,
                      boolean last,
                      Completion done) {
                    change.accept(headers);
                    super.respond(status, headers, first, last, done);
                  }
                }));
  }

  /** Changes the head of each response that comes in. */
  private static Mutant upstreamResponse(
      String what, String rule, String telling, Consumer<HeaderList> change) {
    return Mutant.backend(
        what,
        rule,
        telling,
        Breaches.upstreamListener(
            listener ->
                new ForwardingUpstreamListener(listener) {
                  @Override
                  public void onResponse(
                      int status, HeaderList headers, @Nullable BodySource body) {
                    change.accept(headers);
                    super.onResponse(status, headers, body);
                  }
                }));
  }

  private static void strengthen(HeaderList headers) {
    String validator = headers.get("ETag");
    if (validator != null && validator.startsWith("W/")) {
      headers.replace("ETag", validator.substring("W/".length()));
    }
  }

  private static UpstreamRequest withDigest(UpstreamRequest request) {
    request.headers().replace("Digest", "sha-256=AA==");
    return request;
  }

  private static final class Keeping extends ForwardingInterceptor {
    Keeping(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      Noting noting = new Noting();
      super.onRequestChunk(ctx, chunk, noting);
      if (noting.put.isEmpty()) out.pass(chunk);
      noting.put.forEach(one -> one.accept(out));
    }
  }

  private static final class Reversing extends ForwardingInterceptor {
    Reversing(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      Noting noting = new Noting();
      super.onRequestChunk(ctx, chunk, noting);
      Collections.reverse(noting.put);
      noting.put.forEach(one -> one.accept(out));
    }
  }

  /** Notes what is put into it. */
  private static final class Noting implements ChunkSink {
    private final List<Consumer<ChunkSink>> put = new ArrayList<>();

    @Override
    public void pass(BodyChunk chunk) {
      put.add(out -> out.pass(chunk));
    }

    @Override
    public void emit(ByteBuffer bytes) {
      put.add(out -> out.emit(bytes));
    }
  }
}
