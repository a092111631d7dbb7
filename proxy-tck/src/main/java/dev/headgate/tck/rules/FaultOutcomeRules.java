package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.PluginFault;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;

/** What becomes of an exchange in which a plugin failed: P-35, P-41 to P-43, P-49, P-52. */
final class FaultOutcomeRules {
  @Rule(
      id = "P-35",
      intent = "a FAIL_CLOSED fault before the response gives an error that names it")
  void failClosedNamesThePlugin(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin in =
        lab.plugin("in")
            .failClosed()
            .onRequest(
                ctx -> {
                  throw onPurpose();
                });
    TestPlugin body =
        lab.plugin("body")
            .failClosed()
            .onRequestChunk(
                (ctx, chunk, out) -> {
                  throw onPurpose();
                });
    TestPlugin out =
        lab.plugin("out")
            .failClosed()
            .onResponseHeaders(
                ctx -> {
                  throw onPurpose();
                });

    checkNamed(lab, lab.client(lab.proxy(origin, in)).get("/"), "in", "onRequest");
    assertEquals(0, origin.requests());
    checkNamed(lab, lab.client(lab.proxy(origin, body)).post("/", "x"), "body", "onRequestChunk");
    TestOrigin other = lab.origin();
    ClientExchange exchange = lab.client(lab.proxy(other, out)).get("/");
    OriginRequest request = other.accept();
    request.head(200);
    checkNamed(lab, exchange, "out", "onResponseHeaders");
    request.awaitAborted();
  }

  private static void checkNamed(Lab lab, ClientExchange exchange, String plugin, String hook) {
    String body = assertError(500, "plugin_failed", exchange);
    assertTrue(body.contains("\"plugin\":\"" + plugin + "\""), body);
    assertTrue(body.contains("\"hook\":\"" + hook + "\""), body);
    HookCall end = lab.recorder().awaitEnd(plugin);
    PluginFault fault = Assertions.assertInstanceOf(PluginFault.class, end.fault());
    assertEquals(plugin + " " + hook, fault.pluginId() + " " + fault.hook());
  }

  @Rule(id = "P-41", intent = "after a fault in a deciding hook only the end is told")
  void failedPluginHearsTheEndOnly(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    TestPlugin in =
        lab.plugin("in")
            .onRequest(
                ctx -> {
                  throw onPurpose();
                });
    TestPlugin out =
        lab.plugin("out")
            .onResponseHeaders(
                ctx -> {
                  throw onPurpose();
                });
    Proxy proxy = lab.proxy(origin, in, out);

    assertEquals("body", lab.client(proxy).post("/", "body").readAllText());
    lab.recorder().awaitEnd("in");
    lab.recorder().awaitEnd("out");

    assertEquals(List.of("onRequest", "onResponseComplete"), hooks(lab, "in"));
    assertEquals(
        List.of("onRequest", "onRequestChunk", "onResponseHeaders", "onResponseComplete"),
        hooks(lab, "out"));
  }

  /** The hooks of exchanges that were called, each named once. */
  private static List<String> hooks(Lab lab, String plugin) {
    return lab.recorder().calls(plugin).stream()
        .filter(call -> !call.exchange().isEmpty())
        .map(HookCall::hook)
        .distinct()
        .toList();
  }

  @Rule(id = "P-42", intent = "Proxy-Status names a fault that was passed over, with its hook")
  void passedFaultIsNamed(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin failing =
        lab.plugin("failing")
            .onRequest(
                ctx -> {
                  if (ctx.request().path().equals("/in")) throw onPurpose();
                  return RequestDecision.proceed();
                })
            .onRequestChunk(
                (ctx, chunk, out) -> {
                  if (ctx.request().path().equals("/body")) throw onPurpose();
                })
            .onResponseHeaders(
                ctx -> {
                  if (ctx.request().path().equals("/out")) throw onPurpose();
                  return ResponseDecision.proceed();
                })
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  if (ctx.request().path().equals("/first")) throw onPurpose();
                });
    // Its body is at hand with the head.
    TestPlugin answering =
        lab.plugin("answering")
            .priority(600)
            .onRequest(
                ctx ->
                    ctx.request().path().equals("/first")
                        ? RequestDecision.respond(DirectResponse.status(200).text("ok"))
                        : RequestDecision.proceed());
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(failing)
                    .plugin(answering)
                    .pseudonym("me"));
    Proxy silent =
        lab.proxy(
            builder -> builder.route("/**", origin.url()).plugin(failing).withoutProxyStatus());

    checkStatus(lab.client(proxy).post("/in", "x"), "onRequest");
    checkStatus(lab.client(proxy).post("/body", "x"), "onRequestChunk");
    checkStatus(lab.client(proxy).post("/out", "x"), "onResponseHeaders");
    checkStatus(lab.client(proxy).post("/first", "x"), "onResponseChunk");
    ClientExchange clean = lab.client(proxy).post("/", "x");
    assertEquals("ok", clean.readAllText());
    assertNull(clean.response().header("Proxy-Status"));
    ClientExchange turnedOff = lab.client(silent).post("/in", "x");
    assertEquals("ok", turnedOff.readAllText());
    assertNull(turnedOff.response().header("Proxy-Status"));
  }

  private static void checkStatus(ClientExchange exchange, String hook) {
    assertEquals("ok", exchange.readAllText());
    assertEquals(200, exchange.status());
    assertEquals(1, exchange.response().all("Proxy-Status").size());
    String value = String.valueOf(exchange.response().header("Proxy-Status"));
    assertTrue(value.matches("me; .*\\bfailing\\b.*\\b" + hook + "\\b.*"), value);
  }

  @Rule(id = "P-43", intent = "a fault is counted once, and its stack trace is not shown")
  void faultIsCountedAndHidden(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin open = throwing(lab, "open");
    TestPlugin closed = throwing(lab, "closed").failClosed();
    Proxy passing = lab.proxy(origin, open);
    Proxy refusing = lab.proxy(origin, closed);

    ClientExchange passed = lab.client(passing).get("/");
    checkHidden(passed, passed.readAllText());
    ClientExchange refused = lab.client(refusing).get("/");
    checkHidden(refused, assertError(500, "plugin_failed", refused));

    lab.awaitIdle(passing);
    lab.awaitIdle(refusing);
    assertEquals(1, status(passing, "open").faults());
    assertEquals(1, status(refusing, "closed").faults());
    assertEquals("ok", lab.client(passing).get("/clean").readAllText());
    lab.awaitIdle(passing);
    assertEquals(1, status(passing, "open").faults());
  }

  private static TestPlugin throwing(Lab lab, String id) {
    return lab.plugin(id)
        .onRequest(
            ctx -> {
              if (ctx.request().path().equals("/clean")) {
                return RequestDecision.proceed();
              }
              throw new IllegalStateException("a secret", new IOException("a cause"));
            });
  }

  private static void checkHidden(ClientExchange exchange, String body) {
    StringBuilder shown = new StringBuilder(body);
    exchange.response().headers().forEach((name, value) -> shown.append('\n').append(value));
    for (String hidden :
        List.of("a secret", "a cause", "Exception", "java.", "\tat ", "dev.headgate")) {
      assertFalse(shown.toString().contains(hidden), shown::toString);
    }
  }

  @Rule(id = "P-49", intent = "an Error thrown by a hook is treated as an exception")
  void errorIsAFault(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    TestPlugin in =
        lab.plugin("in")
            .onRequest(
                ctx -> {
                  throw new AssertionError("on purpose");
                });
    TestPlugin body =
        lab.plugin("body")
            .onRequestChunk(
                (ctx, chunk, out) -> {
                  throw new NoClassDefFoundError("on purpose");
                })
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  throw new StackOverflowError("on purpose");
                });
    TestPlugin end =
        lab.plugin("end")
            .onResponseComplete(
                (ctx, summary) -> {
                  throw new AssertionError("on purpose");
                });
    TestPlugin closed =
        lab.plugin("closed")
            .failClosed()
            .onResponseHeaders(
                ctx -> {
                  throw new AssertionError("on purpose");
                });
    Proxy proxy = lab.proxy(origin, in, body, end);
    Proxy refusing = lab.proxy(origin, closed);

    assertEquals("body", lab.client(proxy).post("/", "body").readAllText());
    assertError(500, "plugin_failed", lab.client(refusing).get("/"));

    lab.awaitIdle(proxy);
    assertEquals(1, status(proxy, "in").faults());
    assertEquals(2, status(proxy, "body").faults());
    assertEquals(1, status(proxy, "end").faults());
    assertEquals(1, status(refusing, "closed").faults());
  }

  @Rule(id = "P-52", intent = "what a blocking call changed is undone with the decision it put off")
  void putOffDecisionUndoesTheCall(Lab lab) {
    TestOrigin origin = lab.origin();
    AttributeKey<String> note = AttributeKey.named("note");
    for (boolean blocking : List.of(true, false)) {
      TestPlugin failing =
          lab.plugin("failing" + blocking)
              .priority(10)
              .onRequest(
                  ctx -> {
                    ctx.attributes().put(note, "written");
                    ctx.request().headers().set("X-Note", "written");
                    return RequestDecision.later(CompletableFuture.failedFuture(onPurpose()));
                  })
              .onResponseHeaders(
                  ctx -> {
                    throw new AssertionError("is passed by");
                  });
      if (blocking) failing.blocking();
      AtomicReference<String> seen = new AtomicReference<>();
      TestPlugin behind =
          lab.plugin("behind" + blocking)
              .priority(20)
              .onRequest(
                  ctx -> {
                    seen.set(String.valueOf(ctx.attributes().get(note)));
                    return RequestDecision.proceed();
                  });
      Proxy proxy = lab.proxy(origin, failing, behind);

      ClientExchange exchange = lab.client(proxy).get("/");
      OriginRequest request = origin.accept();
      assertNull(request.header("X-Note"));
      assertEquals("null", seen.get());
      request.respond(200, "ok");
      assertEquals("ok", exchange.readAllText());
      lab.awaitIdle(proxy);
      assertEquals(1, status(proxy, "failing" + blocking).faults());
    }
  }
}
