package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Who may write heads, and what: P-24, P-25. */
final class HeadWriteRules {
  /** What came of attempts to write. */
  private static final class Attempts {
    final Set<String> refused = ConcurrentHashMap.newKeySet();
    final Set<String> allowed = ConcurrentHashMap.newKeySet();

    void write(String where, Class<? extends Exception> expected, Runnable write) {
      try {
        write.run();
        allowed.add(where);
      } catch (RuntimeException e) {
        (expected.isInstance(e) ? refused : allowed).add(where);
      }
    }

    void request(String where, RequestHead head) {
      headers(where, head.headers());
      write(where, IllegalStateException.class, () -> head.method("PUT"));
      write(where, IllegalStateException.class, () -> head.path("/written"));
      write(where, IllegalStateException.class, () -> head.query("written"));
    }

    void response(String where, ResponseHead head) {
      headers(where, head.headers());
      write(where, IllegalStateException.class, () -> head.status(599));
    }

    private void headers(String where, MutableHeaders headers) {
      write(where, IllegalStateException.class, () -> headers.set("X-Written", "1"));
      write(where, IllegalStateException.class, () -> headers.add("X-Written", "1"));
      write(where, IllegalStateException.class, () -> headers.remove("X-Kept"));
    }
  }

  private static void elsewhere(Runnable task) throws InterruptedException {
    Thread thread = new Thread(task, "tck-elsewhere");
    thread.start();
    thread.join();
  }

  @Rule(id = "P-24", intent = "heads are writable only in the hook that decides, on its thread")
  void headsHaveAnOwner(Lab lab) {
    TestOrigin origin = lab.origin();
    Attempts attempts = new Attempts();
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  elsewhere(() -> attempts.request("thread in onRequest", ctx.request()));
                  return RequestDecision.later(
                      CompletableFuture.supplyAsync(
                          () -> {
                            attempts.request("later", ctx.request());
                            return RequestDecision.proceed();
                          }));
                })
            .onRequestChunk((ctx, chunk, out) -> attempts.request("onRequestChunk", ctx.request()))
            .onResponseHeaders(
                ctx -> {
                  attempts.request("request in onResponseHeaders", ctx.request());
                  elsewhere(() -> attempts.response("thread in onResponseHeaders", response(ctx)));
                  return ResponseDecision.proceed();
                })
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  attempts.request("request in onResponseChunk", ctx.request());
                  attempts.response("onResponseChunk", response(ctx));
                })
            .onResponseComplete(
                (ctx, summary) -> {
                  attempts.request("request in onResponseComplete", ctx.request());
                  attempts.response("onResponseComplete", response(ctx));
                });
    Proxy proxy = lab.proxy(origin, plugin);

    ClientExchange exchange = lab.client(proxy).post("/path?query", "body", "X-Kept", "1");
    OriginRequest request = origin.accept();
    request.respond(200, "ok", "X-Kept", "1");
    assertEquals("ok", exchange.readAllText());
    lab.recorder().awaitEnd("a");
    lab.awaitIdle(proxy);

    assertEquals(Set.of(), attempts.allowed);
    assertEquals(
        Set.of(
            "thread in onRequest",
            "later",
            "onRequestChunk",
            "request in onResponseHeaders",
            "thread in onResponseHeaders",
            "request in onResponseChunk",
            "onResponseChunk",
            "request in onResponseComplete",
            "onResponseComplete"),
        attempts.refused);
    assertEquals("POST /path?query", request.method() + " " + request.target());
    assertEquals("1", request.header("X-Kept"));
    assertNull(request.header("X-Written"));
    assertEquals(200, exchange.status());
    assertEquals("1", exchange.response().header("X-Kept"));
    assertNull(exchange.response().header("X-Written"));

    Attempts handlers = new Attempts();
    Proxy handled =
        lab.proxy(
            builder ->
                builder.route(
                    "/**",
                    ctx -> {
                      handlers.request("handler", ctx.request());
                      return RequestDecision.respond(DirectResponse.status(200).empty());
                    }));
    assertEquals("", lab.client(handled).get("/").readAllText());
    assertEquals(Set.of(), handlers.allowed);
    assertEquals(Set.of("handler"), handlers.refused);
  }

  @Rule(id = "P-25", intent = "a name or value with CR, LF or NUL is refused")
  void noPluginCanSplitAMessage(Lab lab) {
    TestOrigin origin = lab.origin();
    Attempts attempts = new Attempts();
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  split("request", attempts, ctx.request().headers());
                  ctx.request().headers().set("X-Fine", "a b\tc");
                  return RequestDecision.proceed();
                })
            .onResponseHeaders(
                ctx -> {
                  split("response", attempts, response(ctx).headers());
                  response(ctx).headers().set("X-Fine", "a b\tc");
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, plugin);

    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());

    assertEquals(Set.of(), attempts.allowed);
    Set<String> expected = new TreeSet<>();
    for (String where : new String[] {"request", "response"}) {
      for (String how : new String[] {"set value", "set name", "add value", "add name", "field"}) {
        for (int c : new int[] {'\r', '\n', 0}) expected.add(where + " " + how + " " + c);
      }
    }
    assertEquals(expected, new TreeSet<>(attempts.refused));
    assertEquals("a b\tc", request.header("X-Fine"));
    assertEquals("a b\tc", exchange.response().header("X-Fine"));
    assertFalse(request.headers().contains("X-Evil"));
    assertFalse(exchange.response().headers().contains("X-Evil"));
  }

  private static void split(String where, Attempts attempts, MutableHeaders headers) {
    for (char c : new char[] {'\r', '\n', '\0'}) {
      String bad = "a" + c + "X-Evil: 1";
      Class<IllegalArgumentException> refusal = IllegalArgumentException.class;
      String end = " " + (int) c;
      attempts.write(where + " set value" + end, refusal, () -> headers.set("X-Evil", bad));
      attempts.write(where + " set name" + end, refusal, () -> headers.set("X-Evil" + c, "1"));
      attempts.write(where + " add value" + end, refusal, () -> headers.add("X-Evil", bad));
      attempts.write(where + " add name" + end, refusal, () -> headers.add("X-Evil" + c, "1"));
      attempts.write(
          where + " field" + end,
          refusal,
          () -> {
            new HeaderField("X-Evil", bad);
            DirectResponse.status(200).header("X-Evil", bad);
          });
    }
  }
}
