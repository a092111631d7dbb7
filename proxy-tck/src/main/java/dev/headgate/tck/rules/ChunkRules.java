package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Payload;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hooks that nobody overrides, sinks and retained chunks: P-69, P-72 to P-74. */
final class ChunkRules {
  /** A plugin with an interceptor of the rule's own, and metadata that assumes the worst. */
  private record Plugin(String id, Interceptor interceptor) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(id).plainText().build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return interceptor;
    }
  }

  @Rule(id = "P-69", intent = "a hook that nobody overrides is not called, and costs nothing")
  void missingHookCostsNothing(Lab lab) {
    TestOrigin origin = lab.origin();
    Interceptor none = new Interceptor() {};
    Interceptor some =
        new Interceptor() {
          @Override
          public ResponseDecision onResponseHeaders(ProxyContext ctx) {
            return ResponseDecision.proceed();
          }
        };
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(lab.adapt(new Plugin("none", none)))
                    .plugin(lab.adapt(new Plugin("some", some))));

    ClientExchange exchange = lab.client(proxy).post("/", "body", "Content-Encoding", "x-unknown");
    OriginRequest request = origin.accept();
    assertEquals("4", request.header("Content-Length"));
    request.respond(200, "answer", "ETag", "\"1\"", "Content-Encoding", "x-unknown");

    // Its chunk hooks would change lengths, and would have the coding taken off.
    assertEquals("answer", exchange.readAllText());
    assertEquals("6", exchange.response().header("Content-Length"));
    assertEquals("\"1\"", exchange.response().header("ETag"));
    assertEquals("x-unknown", exchange.response().header("Content-Encoding"));
    assertNull(exchange.response().header("Proxy-Status"));

    ClientExchange plain = lab.client(proxy).post("/", "body");
    OriginRequest second = origin.accept();
    assertEquals("4", second.header("Content-Length"));
    second.respond(200, "answer", "ETag", "\"1\"");
    assertEquals("answer", plain.readAllText());
    assertEquals("6", plain.response().header("Content-Length"));
    assertEquals("\"1\"", plain.response().header("ETag"));
    assertNull(plain.response().header("Proxy-Status"));
    assertEquals(Set.of(), status(proxy, "none").hooks());
    assertEquals(Set.of(Hook.RESPONSE_HEADERS), status(proxy, "some").hooks());
  }

  @Rule(id = "P-72", intent = "a sink used after its call, or on another thread, throws")
  void sinkEndsWithItsCall(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    Set<String> refused = ConcurrentHashMap.newKeySet();
    Set<String> allowed = ConcurrentHashMap.newKeySet();
    AtomicReference<@Nullable ChunkSink> in = new AtomicReference<>();
    AtomicReference<@Nullable ChunkSink> out = new AtomicReference<>();
    AtomicReference<@Nullable BodyChunk> kept = new AtomicReference<>();
    TestPlugin plugin =
        lab.plugin("a")
            .changesBodies()
            .onRequestChunk(
                (ctx, chunk, sink) -> {
                  sink.pass(chunk);
                  in.set(sink);
                  kept.set(chunk);
                  Thread other =
                      new Thread(() -> use("other thread", sink, chunk, refused, allowed));
                  other.start();
                  other.join();
                })
            .onResponseHeaders(
                ctx -> {
                  use("onResponseHeaders", in.get(), kept.get(), refused, allowed);
                  return ResponseDecision.proceed();
                })
            .onResponseChunk(
                (ctx, chunk, sink) -> {
                  sink.pass(chunk);
                  out.set(sink);
                  kept.set(chunk);
                })
            .onResponseComplete(
                (ctx, summary) ->
                    use("onResponseComplete", out.get(), kept.get(), refused, allowed));
    Proxy proxy = lab.proxy(origin, plugin);

    assertEquals("body", lab.client(proxy).post("/", "body").readAllText());
    lab.recorder().awaitEnd("a");
    lab.awaitIdle(proxy);

    assertEquals(Set.of(), allowed);
    assertEquals(
        Set.of(
            "emit in other thread",
            "pass in other thread",
            "emit in onResponseHeaders",
            "pass in onResponseHeaders",
            "emit in onResponseComplete",
            "pass in onResponseComplete"),
        refused);
  }

  private static void use(
      String where,
      @Nullable ChunkSink sink,
      @Nullable BodyChunk chunk,
      Set<String> refused,
      Set<String> allowed) {
    if (sink == null || chunk == null) return;
    attempt("emit in " + where, () -> sink.emit(bytes("late")), refused, allowed);
    attempt("pass in " + where, () -> sink.pass(chunk), refused, allowed);
  }

  private static void attempt(String what, Runnable use, Set<String> refused, Set<String> allowed) {
    try {
      use.run();
      allowed.add(what);
    } catch (IllegalStateException e) {
      refused.add(what);
    }
  }

  @Rule(id = "P-73", intent = "bytes of a retained chunk stay valid until it is released")
  void retainedBytesStay(Lab lab) {
    TestOrigin origin =
        lab.origin()
            .answering(
                request -> {
                  request.head(200);
                  request.send(Payload.of(10_000));
                  request.send(request.readAll());
                  request.end();
                });
    List<BodyChunk> kept = new CopyOnWriteArrayList<>();
    TestPlugin keeping =
        lab.plugin("keeping")
            .onRequestChunk(
                (ctx, chunk, sink) -> {
                  chunk.retain();
                  kept.add(chunk);
                });
    // Holds each chunk back until the next one comes.
    AtomicReference<@Nullable BodyChunk> held = new AtomicReference<>();
    TestPlugin delaying =
        lab.plugin("delaying")
            .changesBodies()
            .onResponseChunk(
                (ctx, chunk, sink) -> {
                  chunk.retain();
                  BodyChunk before = held.getAndSet(chunk);
                  if (before != null) {
                    sink.pass(before);
                    before.release();
                  }
                  if (chunk.last()) {
                    sink.pass(chunk);
                    chunk.release();
                    held.set(null);
                  }
                });
    Proxy proxy = lab.proxy(origin, keeping, delaying);
    TestClient client = lab.client(proxy);

    String first = new String(Payload.of(10_000, 20_000), StandardCharsets.UTF_8);
    Payload.check(0, client.post("/", first).readAll());
    int count = kept.size();
    // Further bodies would go through the same buffers, if they had been given back.
    for (int i = 0; i < 5; i++) {
      assertEquals(10_001, client.post("/", "z").readAll().length);
    }

    StringBuilder bytes = new StringBuilder();
    for (BodyChunk chunk : kept.subList(0, count)) {
      bytes.append(StandardCharsets.UTF_8.decode(chunk.bytes()));
    }
    kept.forEach(BodyChunk::release);
    assertEquals(first, bytes.toString());
  }

  @Rule(id = "P-74", intent = "a plugin can't take away what it has not retained")
  void chunkIsOnlyLent(Lab lab) {
    TestOrigin origin = lab.origin().answering(request -> request.respond(200, "answer"));
    Set<String> refused = ConcurrentHashMap.newKeySet();
    Set<String> allowed = ConcurrentHashMap.newKeySet();
    AtomicReference<@Nullable BodyChunk> kept = new AtomicReference<>();
    TestPlugin plugin =
        lab.plugin("a")
            .onResponseChunk(
                (ctx, chunk, sink) -> {
                  kept.set(chunk);
                  attempt("release", chunk::release, refused, allowed);
                  chunk.retain();
                  chunk.release();
                  attempt("release again", chunk::release, refused, allowed);
                  sink.pass(chunk);
                })
            .onResponseComplete(
                (ctx, summary) -> {
                  BodyChunk chunk = kept.get();
                  if (chunk == null) return;
                  attempt("read after its call", chunk::bytes, refused, allowed);
                  attempt("retain after its call", chunk::retain, refused, allowed);
                  attempt("release after its call", chunk::release, refused, allowed);
                });
    Proxy proxy = lab.proxy(origin, plugin);

    assertEquals("answer", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("a");
    lab.awaitIdle(proxy);

    assertEquals(Set.of(), allowed);
    assertEquals(
        Set.of(
            "release",
            "release again",
            "read after its call",
            "retain after its call",
            "release after its call"),
        refused);
  }
}
