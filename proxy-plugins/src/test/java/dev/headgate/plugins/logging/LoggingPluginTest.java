package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.Session;
import dev.headgate.api.Timings;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.plugins.support.Allocation;
import dev.headgate.plugins.support.FakeChunk;
import dev.headgate.plugins.support.FakeProxyContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoggingPluginTest extends LoggingFixture {
  private static final Session SESSION = Session.builder("session-1").build();

  private static final UpstreamFault FAULT =
      new UpstreamFault(ErrorCode.DNS_ERROR, Phase.CONNECT, "No.", true, null);

  private static void chunks(Interceptor interceptor, FakeProxyContext ctx, int count)
      throws Exception {
    FakeChunk.Sink sink = new FakeChunk.Sink();
    for (int i = 1; i <= count; i++) {
      interceptor.onResponseChunk(ctx, new FakeChunk("xx", false), sink);
    }
    interceptor.onResponseChunk(ctx, new FakeChunk("", true), sink);
    assertEquals(count + 1, sink.passed.size());
  }

  @Test
  void declaresItselfAsAnObserver() {
    PluginMetadata metadata = LoggingPlugin.create().metadata();
    assertEquals("logging", metadata.id());
    assertEquals(50, metadata.priority());
    assertEquals(FailurePolicy.FAIL_OPEN, metadata.failurePolicy());
    assertEquals(BodyEffect.OBSERVES, metadata.requestBody());
    assertEquals(BodyEffect.OBSERVES, metadata.responseBody());
    assertFalse(metadata.blocking());
  }

  @Test
  void logsTheRequestWithoutItsSecrets() throws Exception {
    Interceptor interceptor = interceptor();
    FakeProxyContext ctx =
        FakeProxyContext.get()
            .method("POST")
            .authority("u:p@host:80")
            .path("/v1/messages")
            .query("beta=true&key=hidden")
            .header("Authorization", "Bearer hidden")
            .header("Cookie", "sid=hidden")
            .header("X-Api-Key", "hidden")
            .header("Content-Type", "application/json");
    assertSame(RequestDecision.proceed(), ctx.onRequest(interceptor));
    stop(interceptor);
    assertEquals(List.of("POST /v1/messages?beta=true&key=*** HTTP/1.1"), recorder.messages());
    Map<String, Object> facts = recorder.facts(0);
    assertEquals("request", facts.get("event"));
    assertEquals("request-1", facts.get("requestId"));
    assertEquals("session-1", facts.get("sessionId"));
    assertEquals("127.0.0.1:4711", facts.get("client"));
    assertEquals("POST", facts.get("method"));
    assertEquals("HTTP/1.1", facts.get("version"));
    assertEquals("http", facts.get("scheme"));
    assertEquals("***@host:80", facts.get("authority"));
    assertEquals("/v1/messages", facts.get("path"));
    assertEquals("beta=true&key=***", facts.get("query"));
    assertEquals(
        Map.of(
            "authorization", "***",
            "cookie", "***",
            "x-api-key", "***",
            "content-type", "application/json"),
        facts.get("headers"));
    assertEquals(Level.DEBUG, recorder.events().get(0).getLevel());
  }

  @Test
  void leavesTheRequestAsItIs() throws Exception {
    Interceptor interceptor = interceptor();
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "a=1");
    ctx.sendThrough(interceptor);
    stop(interceptor);
    assertEquals(List.of("Cookie: a=1"), ctx.headers().lines());
    assertNull(recorder.facts(0).get("query"));
  }

  @Test
  void masksWhatItIsToldToMask() throws Exception {
    Interceptor interceptor =
        interceptor(
            LoggingPlugin.builder().maskHeaders("X-Tenant").maskParameters("Tenant", "user"));
    FakeProxyContext.get()
        .query("tenant=hidden&USER=hidden&a=shown")
        .header("x-tenant", "hidden")
        .sendThrough(interceptor);
    stop(interceptor);
    String all = recorder.facts(0).toString();
    assertFalse(all.contains("hidden"), all);
    assertTrue(all.contains("shown"), all);
  }

  @Test
  void logsATunnel() throws Exception {
    Interceptor interceptor = interceptor();
    FakeProxyContext ctx =
        FakeProxyContext.get().method("CONNECT").header("Proxy-Authorization", "hidden");
    assertSame(ConnectDecision.proceed(), interceptor.onConnect(ctx));
    stop(interceptor);
    assertEquals(List.of("CONNECT db.example:443"), recorder.messages());
    assertEquals("db.example:443", recorder.facts(0).get("destination"));
    assertEquals(Map.of("proxy-authorization", "***"), recorder.facts(0).get("headers"));
  }

  @Test
  void logsTheResponsesHead() throws Exception {
    Interceptor interceptor = interceptor();
    FakeProxyContext ctx =
        FakeProxyContext.get()
            .status(201)
            .responseHeader("Set-Cookie", "sid=hidden")
            .responseHeader("Location", "/x?token=hidden");
    assertSame(ResponseDecision.proceed(), interceptor.onResponseHeaders(ctx));
    stop(interceptor);
    assertEquals(List.of("response 201"), recorder.messages());
    Map<String, Object> facts = recorder.facts(0);
    assertEquals("response", facts.get("event"));
    assertEquals("request-1", facts.get("requestId"));
    assertEquals(201, facts.get("status"));
    assertEquals(Map.of("set-cookie", "***", "location", "/x?token=***"), facts.get("headers"));
  }

  @Test
  void logsTheEndWithStatusDurationAndBytes() throws Exception {
    Interceptor interceptor = interceptor();
    interceptor.onResponseComplete(FakeProxyContext.get(), SUMMARY);
    stop(interceptor);
    assertEquals(
        List.of("completed, status 200, 12.346 ms, 10 bytes in, 2000 bytes out"),
        recorder.messages());
    Map<String, Object> facts = recorder.facts(0);
    assertEquals("complete", facts.get("event"));
    assertEquals("COMPLETED", facts.get("outcome"));
    assertEquals(200, facts.get("status"));
    assertEquals(12.346, facts.get("durationMs"));
    assertEquals(10L, facts.get("requestBytes"));
    assertEquals(2000L, facts.get("responseBytes"));
  }

  @Test
  void tellsThatTheClientLeft() throws Exception {
    Interceptor interceptor = interceptor();
    interceptor.onResponseComplete(
        FakeProxyContext.get(),
        new ExchangeSummary(Outcome.CLIENT_GONE, 0, 0, 0, new Timings(0, -1, -1, -1, -1, -1)));
    stop(interceptor);
    assertEquals(
        List.of("client gone, status 0, 0.000 ms, 0 bytes in, 0 bytes out"), recorder.messages());
    assertEquals(Level.DEBUG, recorder.events().get(0).getLevel());
  }

  @Test
  void logsAnErrorWithTheStackOfItsCause() throws Exception {
    Interceptor interceptor = interceptor();
    IOException cause = new IOException("reset");
    interceptor.onError(
        FakeProxyContext.get(),
        new UpstreamFault(
            ErrorCode.UPSTREAM_ABORTED, Phase.SEND_RESPONSE, "It went away.", false, cause),
        new ExchangeSummary(Outcome.ABORTED, 200, 1, 2, new Timings(0, 0, 0, 0, 0, 1_000_000)));
    stop(interceptor);
    assertEquals(
        List.of(
            "failed: upstream_aborted, phase SEND_RESPONSE, status 200, 1.000 ms, 1 bytes in,"
                + " 2 bytes out, It went away."),
        recorder.messages());
    assertEquals(Level.WARN, recorder.events().get(0).getLevel());
    assertEquals(
        "java.io.IOException", recorder.events().get(0).getThrowableProxy().getClassName());
    assertTrue(
        recorder.events().get(0).getThrowableProxy().getStackTraceElementProxyArray().length > 0);
    Map<String, Object> facts = recorder.facts(0);
    assertEquals("error", facts.get("event"));
    assertEquals("upstream_aborted", facts.get("code"));
    assertEquals("SEND_RESPONSE", facts.get("phase"));
    assertEquals("It went away.", facts.get("detail"));
    assertEquals("ABORTED", facts.get("outcome"));
  }

  @Test
  void masksTheTextOfACause() throws Exception {
    Interceptor interceptor = interceptor();
    interceptor.onError(
        FakeProxyContext.get(),
        new UpstreamFault(
            ErrorCode.DNS_ERROR,
            Phase.CONNECT,
            "No.",
            true,
            new IOException("https://u:hidden@h/?key=hidden\r\nforged")),
        SUMMARY);
    stop(interceptor);
    String message = recorder.events().get(0).getThrowableProxy().getMessage();
    assertEquals("java.io.IOException: https://***@h/?key=***\\r\\nforged", message);
  }

  @Test
  void logsAnErrorWithoutACause() throws Exception {
    Interceptor interceptor =
        interceptor(LoggingPlugin.builder().errorLevel(org.slf4j.event.Level.ERROR));
    interceptor.onError(FakeProxyContext.get(), FAULT, SUMMARY);
    stop(interceptor);
    assertEquals(Level.ERROR, recorder.events().get(0).getLevel());
    assertNull(recorder.events().get(0).getThrowableProxy());
  }

  @Test
  void logsEveryNthChunkOfEachDirection() throws Exception {
    Interceptor interceptor = interceptor(LoggingPlugin.builder().everyChunk(3));
    FakeProxyContext ctx = FakeProxyContext.get();
    chunks(interceptor, ctx, 7);
    for (int i = 0; i < 3; i++) {
      interceptor.onRequestChunk(ctx, new FakeChunk("secret", i == 2), new FakeChunk.Sink());
    }
    chunks(interceptor, FakeProxyContext.get("other", SESSION), 2);
    stop(interceptor);
    assertEquals(
        List.of(
            "response chunk 3, 2 bytes, 6 in all",
            "response chunk 6, 2 bytes, 12 in all",
            "request chunk 3, 6 bytes, 18 in all"),
        recorder.messages());
    Map<String, Object> facts = recorder.facts(1);
    assertEquals("responseChunk", facts.get("event"));
    assertEquals(6L, facts.get("number"));
    assertEquals(2, facts.get("bytes"));
    assertEquals(12L, facts.get("totalBytes"));
    assertEquals("requestChunk", recorder.facts(2).get("event"));
    assertFalse(recorder.facts(2).toString().contains("secret"));
  }

  @Test
  void overridesNoChunkHookWhenItLogsNone() throws Exception {
    for (String hook : List.of("onRequestChunk", "onResponseChunk")) {
      assertSame(Interceptor.class, declaring(hook, interceptor()));
      assertSame(
          ChunkLogger.class, declaring(hook, interceptor(LoggingPlugin.builder().everyChunk(1))));
    }
  }

  private static Class<?> declaring(String hook, Interceptor interceptor) throws Exception {
    return interceptor
        .getClass()
        .getMethod(hook, ProxyContext.class, BodyChunk.class, ChunkSink.class)
        .getDeclaringClass();
  }

  @Test
  void escapesWhatCouldForgeALine() throws Exception {
    Interceptor interceptor = interceptor();
    Session session = Session.builder("s\n1").build();
    FakeProxyContext.get("r\r1", session)
        .path("/a\nb")
        .query("q=\u001b[2J")
        .header("X-A", "v\u0085w")
        .sendThrough(interceptor);
    stop(interceptor);
    assertEquals(List.of("GET /a\\nb?q=\\u001b[2J HTTP/1.1"), recorder.messages());
    String facts = recorder.facts(0).toString();
    assertTrue(facts.chars().noneMatch(Character::isISOControl), facts);
    assertTrue(facts.contains("r\\r1") && facts.contains("s\\n1"), facts);
    assertTrue(facts.contains("v\\u0085w"), facts);
  }

  @Test
  void logsNothingAndAllocatesNothingAtALevelThatIsOff() throws Exception {
    recorder.logger().setLevel(Level.OFF);
    Interceptor interceptor = interceptor(LoggingPlugin.builder().everyChunk(1));
    FakeProxyContext ctx = FakeProxyContext.get().status(200);
    FakeChunk chunk = new FakeChunk("x", false);
    ChunkSink sink = new FakeChunk.Sink();
    double bytes =
        Allocation.bytesPerRun(
            () -> {
              ctx.onRequest(interceptor);
              interceptor.onResponseHeaders(ctx);
              interceptor.onResponseComplete(ctx, SUMMARY);
              interceptor.onError(ctx, FAULT, SUMMARY);
            });
    interceptor.onResponseChunk(ctx, chunk, sink);
    stop(interceptor);
    assertEquals(List.of(), recorder.messages());
    assertTrue(bytes < 1, bytes + " bytes for each exchange");
  }

  @Test
  void followsALevelThatChangesAtRunTime() throws Exception {
    Interceptor interceptor =
        interceptor(LoggingPlugin.builder().level(org.slf4j.event.Level.INFO));
    recorder.logger().setLevel(Level.WARN);
    FakeProxyContext.get().path("/off").sendThrough(interceptor);
    recorder.logger().setLevel(Level.INFO);
    FakeProxyContext.get().path("/on").sendThrough(interceptor);
    stop(interceptor);
    assertEquals(List.of("GET /on HTTP/1.1"), recorder.messages());
    assertEquals(Level.INFO, recorder.events().get(0).getLevel());
  }

  @Test
  void reportsAllMistakesOfTheBuilderAtOnce() {
    LoggingPlugin.Builder builder =
        LoggingPlugin.builder().everyChunk(-1).queueCapacity(0).maskHeaders("");
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    for (String part : List.of("logging", "everyChunk", "-1", "queueCapacity", "names to mask")) {
      assertTrue(message.contains(part), part + " is not in: " + message);
    }
  }

  @Test
  void refusesNullAtOnce() {
    LoggingPlugin.Builder builder = LoggingPlugin.builder();
    assertThrows(NullPointerException.class, () -> builder.level(null));
    assertThrows(NullPointerException.class, () -> builder.errorLevel(null));
    assertThrows(NullPointerException.class, () -> builder.file(null));
    assertThrows(NullPointerException.class, () -> builder.maskHeaders((String) null));
    assertThrows(NullPointerException.class, () -> builder.maskParameters((String) null));
  }
}
