package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.seen;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.Outcome;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Faults of chunk hooks and ends: P-36 to P-40, P-48. */
final class BodyFaultRules {
  private static final AttributeKey<String> TRACE = AttributeKey.named("trace");

  @Rule(id = "P-36", intent = "a FAIL_CLOSED fault after the head went out aborts the stream")
  void failClosedAbortsTheStream(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a")
            .failClosed()
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  if (chunk.size() > 0) throw onPurpose();
                });
    Proxy proxy = lab.proxy(origin, plugin);
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, exchange.status());

    request.send("body");

    assertEquals(Ending.UNCLEAN, exchange.ending());
    request.awaitAborted();
    HookCall end = lab.recorder().await("a", "onError");
    assertEquals(ErrorCode.PLUGIN_FAILED, end.fault().code());
    assertEquals(Outcome.ABORTED, end.end().outcome());
    assertEquals(1, lab.recorder().count("a", "onResponseChunk"));
  }

  @Rule(id = "P-37", intent = "a FAIL_OPEN observer that fails is passed by for that body")
  void failedObserverIsPassedBy(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin failing =
        lab.plugin("failing")
            .priority(10)
            .onRequestChunk(
                (ctx, chunk, out) -> {
                  throw onPurpose();
                })
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  throw onPurpose();
                });
    Proxy proxy = lab.proxy(origin, failing, lab.plugin("other").priority(20));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    exchange.send("one");
    assertEquals("one", request.readText(3));
    exchange.send("two");
    assertEquals("two", request.readText(3));
    exchange.end();
    assertEquals("", request.readAllText());
    request.head(200);
    request.send("three");
    assertEquals("three", exchange.readText(5));
    request.send("four");
    request.end();
    assertEquals("four", exchange.readAllText());

    assertEquals(Outcome.COMPLETED, lab.recorder().awaitEnd("failing").end().outcome());
    assertEquals(1, lab.recorder().count("failing", "onRequestChunk"));
    assertEquals(1, lab.recorder().count("failing", "onResponseHeaders"));
    assertEquals(1, lab.recorder().count("failing", "onResponseChunk"));
    assertEquals("onetwo", seen(lab, "other", "onRequestChunk"));
    assertEquals("threefour", seen(lab, "other", "onResponseChunk"));
  }

  @Rule(id = "P-38", intent = "what a failed chunk call put into its sink is dropped")
  void failedCallPutsNothing(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    AtomicReference<@Nullable String> trace = new AtomicReference<>("unset");
    TestPlugin.OnChunk spoiling =
        (ctx, chunk, out) -> {
          ctx.attributes().put(TRACE, "spoilt");
          out.emit(bytes("spoilt"));
          out.pass(chunk);
          throw onPurpose();
        };
    TestPlugin changing =
        lab.plugin("changing")
            .changesBodies()
            .onRequestChunk(spoiling)
            .onResponseChunk(spoiling)
            .onResponseComplete((ctx, summary) -> trace.set(ctx.attributes().get(TRACE)));
    TestPlugin keeping =
        lab.plugin("keeping").keepsLength().onRequestChunk(spoiling).onResponseChunk(spoiling);
    Proxy proxy = lab.proxy(origin, changing, keeping);

    assertEquals("body", lab.client(proxy).post("/", "body").readAllText());

    lab.recorder().awaitEnd("changing");
    lab.awaitIdle(proxy);
    assertEquals(null, trace.get());
    assertEquals(2, status(proxy, "changing").faults());
    assertEquals(2, status(proxy, "keeping").faults());
  }

  @Rule(
      id = "P-39",
      intent = "a length-changing FAIL_OPEN plugin that fails after a chunk aborts the stream")
  void changedAndUnchangedAreNotMixed(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin.OnChunk failingAtTwo =
        (ctx, chunk, out) -> {
          byte[] copy = new byte[chunk.size()];
          chunk.bytes().get(copy);
          String text = new String(copy, StandardCharsets.UTF_8);
          if (text.equals("two")) throw onPurpose();
          out.emit(bytes(text.toUpperCase(Locale.ROOT)));
        };
    Proxy out = lab.proxy(origin, lab.plugin("out").changesBodies().onResponseChunk(failingAtTwo));
    Proxy in = lab.proxy(origin, lab.plugin("in").changesBodies().onRequestChunk(failingAtTwo));

    ClientExchange exchange = lab.client(out).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("one");
    assertEquals("ONE", exchange.readText(3));
    request.send("two");
    assertEquals(Ending.UNCLEAN, exchange.ending());
    request.awaitAborted();
    HookCall end = lab.recorder().awaitEnd("out");
    assertEquals(ErrorCode.PLUGIN_FAILED, end.fault().code());
    assertEquals(Outcome.ABORTED, end.end().outcome());

    ClientExchange upload = lab.client(in).stream("POST", "/");
    OriginRequest uploaded = origin.accept();
    upload.send("one");
    assertEquals("ONE", uploaded.readText(3));
    upload.send("two");
    assertEquals(Ending.UNCLEAN, uploaded.ending());
    assertError(500, "plugin_failed", upload);
  }

  @Rule(id = "P-40", intent = "a KEEPS_LENGTH plugin that puts another number of bytes is a fault")
  void otherLengthIsAFault(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin.OnChunk longer =
        (ctx, chunk, out) -> {
          out.pass(chunk);
          out.emit(bytes("more"));
        };
    TestPlugin.OnChunk shorter = (ctx, chunk, out) -> {};
    TestPlugin open =
        lab.plugin("open").keepsLength().onRequestChunk(shorter).onResponseChunk(longer);
    TestPlugin closed = lab.plugin("closed").keepsLength().failClosed().onResponseChunk(longer);
    Proxy passing = lab.proxy(origin, open);
    Proxy aborting = lab.proxy(origin, closed);

    ClientExchange passed = lab.client(passing).post("/", "body");
    OriginRequest request = origin.accept();
    assertEquals("4", request.header("Content-Length"));
    assertEquals("body", request.readAllText());
    request.respond(200, "answer");
    assertEquals("answer", passed.readAllText());
    assertEquals("6", passed.response().header("Content-Length"));
    lab.awaitIdle(passing);
    assertEquals(2, status(passing, "open").faults());

    ClientExchange aborted = lab.client(aborting).get("/");
    OriginRequest other = origin.accept();
    other.head(200, "Content-Length", "6");
    assertEquals(200, aborted.status());
    other.send("ans");
    assertEquals(Ending.UNCLEAN, aborted.ending());
    assertEquals(ErrorCode.PLUGIN_FAILED, lab.recorder().awaitEnd("closed").fault().code());
  }

  @Rule(id = "P-48", intent = "a fault in an end changes nothing, and the others are told theirs")
  void faultInAnEndHasNoEffect(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin.OnEnd failing =
        (ctx, summary) -> {
          throw onPurpose();
        };
    TestPlugin last =
        lab.plugin("last")
            .priority(30)
            .failClosed()
            .onResponseHeaders(
                ctx -> {
                  if (ctx.request().path().equals("/error")) throw onPurpose();
                  return ResponseDecision.proceed();
                })
            .onResponseComplete(failing)
            .onError(failing);
    TestPlugin middle =
        lab.plugin("middle").priority(20).onResponseComplete(failing).onError(failing);
    Proxy proxy = lab.proxy(origin, lab.plugin("first").priority(10), middle, last);

    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    HookCall complete = lab.recorder().await("first", "onResponseComplete");
    assertEquals(Outcome.COMPLETED, complete.end().outcome());
    assertEquals(List.of("last", "middle", "first"), lab.recorder().order("onResponseComplete"));
    assertError(500, "plugin_failed", lab.client(proxy).get("/error"));
    HookCall error = lab.recorder().await("first", "onError");
    assertEquals(ErrorCode.PLUGIN_FAILED, error.fault().code());
    assertEquals(List.of("last", "middle", "first"), lab.recorder().order("onError"));

    lab.awaitIdle(proxy);
    assertEquals(2, status(proxy, "middle").faults());
    assertEquals(3, status(proxy, "last").faults());
    assertEquals(0, status(proxy, "first").faults());
  }
}
