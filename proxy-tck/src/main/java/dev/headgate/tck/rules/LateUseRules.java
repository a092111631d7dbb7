package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** What plugins do with an exchange that is over, or with a call that has failed: P-75, P-76. */
final class LateUseRules {
  private static final AttributeKey<String> NOTE = AttributeKey.named("note");

  @Rule(
      id = "P-75",
      intent = "what is kept of an exchange can be read after its end, and reaches nobody")
  void exchangeThatIsOver(Lab lab) {
    TestOrigin origin =
        lab.origin()
            .answering(request -> request.respond(200, request.readAllText(), "X-Out", "1"));
    List<ProxyContext> contexts = new CopyOnWriteArrayList<>();
    CompletableFuture<CollectedBody> collected = new CompletableFuture<>();
    List<BodyChunk> retained = new CopyOnWriteArrayList<>();
    TestPlugin keeping =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  contexts.add(ctx);
                  ctx.attributes().put(NOTE, "kept");
                  return RequestDecision.withBody(
                      100,
                      body -> {
                        collected.complete(body);
                        return RequestDecision.proceed();
                      });
                })
            .onResponseChunk(
                (ctx, chunk, out) -> {
                  if (chunk.size() == 0) return;
                  contexts.add(ctx);
                  chunk.retain();
                  retained.add(chunk);
                });
    Proxy proxy = lab.proxy(origin, keeping);
    assertEquals("body", lab.client(proxy).post("/path", "body", "X-In", "1").readAllText());
    lab.awaitIdle(proxy);

    for (ProxyContext ctx : contexts) {
      assertEquals("/path", ctx.request().path());
      assertEquals("1", ctx.request().headers().get("X-In"));
      assertEquals("1", response(ctx).headers().get("X-Out"));
      assertNotNull(ctx.route());
      assertEquals("kept", ctx.attributes().get(NOTE));
      assertThrows(IllegalStateException.class, () -> ctx.request().path("/late"));
      assertThrows(IllegalStateException.class, () -> ctx.request().headers().set("X-Late", "1"));
      assertThrows(IllegalStateException.class, () -> response(ctx).status(299));
    }
    ProxyContext first = contexts.get(0);
    first.attributes().put(NOTE, "late");
    assertEquals("late", contexts.get(1).attributes().get(NOTE));
    assertEquals("body", Waits.on("the body is collected", collected).text());
    StringBuilder bytes = new StringBuilder();
    for (BodyChunk chunk : retained) {
      bytes.append(StandardCharsets.UTF_8.decode(chunk.bytes()));
      chunk.release();
      assertThrows(IllegalStateException.class, chunk::release);
    }
    assertEquals("body", bytes.toString());

    int before = retained.size();
    // Another exchange knows nothing of it.
    assertEquals("next", lab.client(proxy).post("/next", "next").readAllText());
    lab.awaitIdle(proxy);
    assertEquals("late", first.attributes().get(NOTE));
    assertEquals("/path", first.request().path());
    assertEquals("kept", contexts.get(contexts.size() - 1).attributes().get(NOTE));
    for (BodyChunk chunk : retained.subList(before, retained.size())) chunk.release();
  }

  @Rule(id = "P-76", intent = "what is put while a decision is pending is undone with it")
  void attributesOfAPendingDecision(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    CompletableFuture<RequestDecision> pending = new CompletableFuture<>();
    CompletableFuture<ProxyContext> context = new CompletableFuture<>();
    AtomicReference<String> seen = new AtomicReference<>();
    TestPlugin failing =
        lab.plugin("failing")
            .priority(10)
            .onRequest(
                ctx -> {
                  context.complete(ctx);
                  return RequestDecision.later(pending);
                });
    TestPlugin behind =
        lab.plugin("behind")
            .priority(20)
            .onRequest(
                ctx -> {
                  seen.set(String.valueOf(ctx.attributes().get(NOTE)));
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, failing, behind);
    ClientExchange exchange = lab.client(proxy).get("/");
    // On another thread than the hook's: attributes may be put, heads may not be written.
    ProxyContext ctx = Waits.on("the hook is called", context);
    ctx.attributes().put(NOTE, "pending");
    assertEquals("pending", ctx.attributes().get(NOTE));
    assertThrows(IllegalStateException.class, () -> ctx.request().headers().set("X-A", "1"));
    pending.completeExceptionally(PluginFixtures.onPurpose());
    assertEquals("ok", exchange.readAllText());
    assertEquals("null", seen.get());
    assertNull(ctx.attributes().get(NOTE));
  }
}
