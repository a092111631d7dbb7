package dev.headgate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.StartException;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.Session;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.ProxyError;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.registry.PluginState;
import dev.headgate.tck.memory.BodyEnding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PluginHarnessTest {
  @Test
  void showsWhatUpstreamAndClientSaw() {
    HarnessResult result =
        PluginHarness.with(plugin(context -> new Marker()))
            .request("POST", "/v1/messages?x=1")
            .header("X-Mine", "1")
            .body("hello")
            .upstreamAnswers(201, "one", "two")
            .upstreamHeader("Content-Type", "text/plain")
            .run();

    assertEquals("POST", result.upstream().method());
    assertEquals("/v1/messages?x=1", result.upstream().target());
    assertEquals("1", result.upstream().header("X-Mine"));
    assertEquals("in", result.upstream().header("X-Mark"));
    assertEquals("hello", result.upstream().text());
    assertEquals(BodyEnding.CLEAN, result.upstream().ending());
    assertEquals(201, result.status());
    assertEquals("out", result.header("X-Mark"));
    assertEquals("text/plain", result.header("Content-Type"));
    assertEquals("ONETWO", result.text());
    assertEquals(BodyEnding.CLEAN, result.ending());
    assertEquals(0, result.faults());
    assertEquals(PluginState.ENABLED, result.state());
  }

  @Test
  void bringsEachPieceAsOneChunk() {
    List<String> chunks = new ArrayList<>();
    PluginHarness.with(
            plugin(
                context ->
                    new Interceptor() {
                      @Override
                      public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
                        chunks.add(StandardCharsets.UTF_8.decode(chunk.bytes()).toString());
                        out.pass(chunk);
                      }
                    }))
        .request("POST", "/")
        .chunks("a", "b", "c")
        .run();

    assertEquals("abc", String.join("", chunks));
    assertEquals(List.of("a", "b", "c"), chunks.subList(0, 3));
  }

  @Test
  void givesSettingsSessionAndCredentials() {
    HarnessResult result =
        PluginHarness.with(
                plugin(
                    context ->
                        new Interceptor() {
                          @Override
                          public RequestDecision onRequest(ProxyContext ctx) {
                            ctx.request().headers().set("X-Session", ctx.session().id());
                            ctx.request().headers().set("X-Name", context.settings().get("name"));
                            return RequestDecision.proceed();
                          }
                        }))
            .session(Session.builder("session-1").build())
            .setting("name", "value")
            .request("GET", "/")
            .run();

    assertEquals("session-1", result.upstream().header("X-Session"));
    assertEquals("value", result.upstream().header("X-Name"));
  }

  @Test
  void answersInPlaceOfTheUpstream() {
    HarnessResult result =
        PluginHarness.with(
                onRequest(ctx -> RequestDecision.respond(DirectResponse.status(418).text("tea"))))
            .request("GET", "/")
            .run();

    assertFalse(result.upstreamAsked());
    assertThrows(AssertionError.class, result::upstream);
    assertEquals(418, result.status());
    assertEquals("tea", result.text());
  }

  @Test
  void countsFaults() {
    HarnessResult result =
        PluginHarness.with(
                onRequest(
                    ctx -> {
                      throw new IllegalStateException("on purpose");
                    }))
            .request("GET", "/")
            .upstreamAnswers(200, "ok")
            .run();

    assertEquals("ok", result.text());
    assertEquals(1, result.faults());
    assertTrue(result.proxyStatus().contains("onRequest"));
  }

  @Test
  void refusesFailClosed() {
    HarnessResult result =
        PluginHarness.with(
                plugin(
                    metadata -> metadata.failurePolicy(FailurePolicy.FAIL_CLOSED),
                    context ->
                        new Interceptor() {
                          @Override
                          public ResponseDecision onResponseHeaders(ProxyContext ctx) {
                            throw new IllegalStateException("on purpose");
                          }
                        }))
            .request("GET", "/")
            .run();

    assertEquals(ErrorCode.PLUGIN_FAILED.status(), result.status());
    assertTrue(result.text().contains("\"plugin\":\"tested\""), result.text());
  }

  @Test
  void injectsUpstreamFaults() {
    Ends ends = new Ends();
    HarnessResult refused =
        PluginHarness.with(plugin(context -> ends)).request("GET", "/").upstreamRefuses().run();
    assertEquals(502, refused.status());
    assertFalse(refused.upstreamAsked());
    assertEquals(List.of("connect_failed FAILED"), ends.drain());

    HarnessResult early =
        PluginHarness.with(plugin(context -> ends)).request("GET", "/").upstreamResets().run();
    assertEquals(502, early.status());
    assertEquals(List.of("upstream_aborted FAILED"), ends.drain());

    HarnessResult late =
        PluginHarness.with(plugin(context -> ends))
            .request("GET", "/")
            .upstreamAnswers(200, "half")
            .upstreamResets()
            .run();
    assertEquals(200, late.status());
    assertEquals("half", late.text());
    assertEquals(BodyEnding.UNCLEAN, late.ending());
    assertEquals(List.of("upstream_aborted ABORTED"), ends.drain());
  }

  @Test
  void letsTheClientVanish() {
    Ends ends = new Ends();
    PluginHarness.with(plugin(context -> ends)).request("GET", "/").clientVanishesWaiting().run();
    assertEquals(List.of(Outcome.CLIENT_GONE.name()), ends.drain());

    HarnessResult result =
        PluginHarness.with(plugin(context -> ends))
            .request("GET", "/")
            .upstreamAnswers(200, "first", "second")
            .upstreamPauses(Duration.ofHours(1))
            .upstreamSends("third")
            .clientVanishesAfter(5)
            .run();
    assertEquals("first", result.text());
    assertEquals(BodyEnding.UNCLEAN, result.ending());
    assertEquals(List.of(Outcome.CLIENT_GONE.name()), ends.drain());
  }

  @Test
  void letsTimePass() {
    HarnessResult late =
        PluginHarness.with(plugin(context -> new Marker()))
            .proxy(proxy -> proxy.timeouts(Timeouts.builder().firstByte(minutes(5)).build()))
            .request("GET", "/")
            .upstreamIsSilent()
            .timePasses(minutes(6))
            .run();
    assertEquals(504, late.status());

    HarnessResult slow =
        PluginHarness.with(plugin(context -> new Marker()))
            .request("GET", "/")
            .upstreamAnswers(200, "a")
            .upstreamPauses(minutes(1))
            .upstreamSends("b")
            .upstreamPauses(minutes(1))
            .upstreamSends("c")
            .run();
    assertEquals("ABC", slow.text());
  }

  @Test
  void timesOutDecisionsThatHang() {
    HarnessResult result =
        PluginHarness.with(onRequest(ctx -> RequestDecision.later(new CompletableFuture<>())))
            .request("GET", "/")
            .upstreamAnswers(200, "ok")
            .timePasses(PluginMetadata.DEFAULT_HOOK_DEADLINE)
            .run();

    assertEquals("ok", result.text());
    assertEquals(1, result.faults());
  }

  @Test
  void waitsForDecisionsFromOtherThreads() {
    HarnessResult result =
        PluginHarness.with(
                onRequest(
                    ctx ->
                        RequestDecision.later(
                            CompletableFuture.supplyAsync(
                                RequestDecision::proceed,
                                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)))))
            .request("GET", "/")
            .upstreamAnswers(200, "ok")
            .run();

    assertEquals("ok", result.text());
  }

  @Test
  void serveSeveralRequestsAndScheduledWork() {
    AtomicInteger runs = new AtomicInteger();
    ProxyPlugin plugin =
        plugin(
            context -> {
              context.scheduler().scheduleRepeatedly(minutes(5), runs::incrementAndGet);
              return new Marker();
            });
    try (PluginSession session = PluginHarness.with(plugin).start()) {
      assertEquals(200, session.request("GET", "/1").run().status());
      assertEquals(502, session.request("GET", "/2").upstreamRefuses().run().status());
      assertEquals("OK", session.request("GET", "/3").upstreamAnswers(200, "ok").run().text());
      session.advance(minutes(11));
      assertEquals(2, runs.get());
      assertEquals(PluginState.ENABLED, session.plugin().state());
    }
  }

  @Test
  void catchesChunksThatAreNeverReleased() {
    PluginHarness harness =
        PluginHarness.with(
            plugin(
                context ->
                    new Interceptor() {
                      @Override
                      public void onResponseChunk(
                          ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
                        chunk.retain();
                        out.pass(chunk);
                      }
                    }));
    HarnessRequest request = harness.request("GET", "/").upstreamAnswers(200, "kept");

    AssertionError error = assertThrows(AssertionError.class, request::run);

    assertTrue(error.getMessage().contains("not released"), error.getMessage());
  }

  @Test
  void reportsPluginsThatRefuseToStart() {
    PluginHarness harness =
        PluginHarness.with(
            plugin(
                context -> {
                  throw new IllegalArgumentException("no name");
                }));

    assertThrows(StartException.class, harness::start);
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }

  private interface Made {
    Interceptor by(PluginContext context) throws Exception;
  }

  private static ProxyPlugin onRequest(Function<ProxyContext, RequestDecision> decision) {
    return plugin(
        context ->
            new Interceptor() {
              @Override
              public RequestDecision onRequest(ProxyContext ctx) {
                return decision.apply(ctx);
              }
            });
  }

  private static ProxyPlugin plugin(Made made) {
    return plugin(metadata -> metadata, made);
  }

  private static ProxyPlugin plugin(UnaryOperator<PluginMetadata.Builder> metadata, Made made) {
    return new ProxyPlugin() {
      @Override
      public PluginMetadata metadata() {
        return metadata.apply(PluginMetadata.builder("tested")).build();
      }

      @Override
      public Interceptor createInterceptor(PluginContext context) throws Exception {
        return made.by(context);
      }
    };
  }

  /** Marks heads, and shouts. */
  private static final class Marker implements Interceptor {
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      ctx.request().headers().set("X-Mark", "in");
      return RequestDecision.proceed();
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) {
      ctx.response().headers().set("X-Mark", "out");
      return ResponseDecision.proceed();
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      String text = StandardCharsets.UTF_8.decode(chunk.bytes()).toString();
      out.emit(ByteBuffer.wrap(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Remembers how exchanges ended. */
  private static final class Ends implements Interceptor {
    private final List<String> ends = new ArrayList<>();

    @Override
    public synchronized void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
      ends.add(summary.outcome().name());
    }

    @Override
    public synchronized void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
      ends.add(error.code().id() + " " + summary.outcome());
    }

    synchronized List<String> drain() {
      List<String> all = List.copyOf(ends);
      ends.clear();
      return all;
    }
  }
}
