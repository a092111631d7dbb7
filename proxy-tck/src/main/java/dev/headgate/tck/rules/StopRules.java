package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.PluginContext;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stopping: L-07 to L-11, L-16, L-19. */
final class StopRules {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Rule(id = "L-07", intent = "stop refuses new exchanges, and lets those under way finish")
  void stopIsGraceful(Lab lab) {
    TestOrigin origin = lab.origin();
    // Without plugins, whose stop waits for the exchanges anyway.
    Proxy proxy = lab.proxy(origin);
    TestClient idle = lab.client(proxy);
    ClientExchange before = idle.get("/");
    origin.accept().respond(200, "before");
    assertEquals("before", before.readAllText());
    ClientExchange waiting = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    ClientExchange streaming = lab.client(proxy).stream("POST", "/");
    OriginRequest streamed = origin.accept();
    streamed.head(200);
    assertEquals(200, streaming.status());

    CompletableFuture<Void> stopped = proxy.stopAsync(LONG).toCompletableFuture();

    checkRefused(lab, () -> idle.get("/late"));
    lab.tryClient(proxy).ifPresent(late -> checkRefused(lab, () -> late.get("/late")));
    assertEquals(3, origin.requests());
    assertFalse(stopped.isDone());
    request.respond(200, "done");
    assertEquals("done", waiting.readAllText());
    streaming.send("more");
    assertEquals("more", streamed.readText(4));
    streamed.send("as well");
    assertEquals("as well", streaming.readText(7));
    assertFalse(stopped.isDone());
    streaming.end();
    assertEquals("", streamed.readAllText());
    streamed.end();
    assertEquals("", streaming.readAllText());
    Waits.on("the proxy has stopped", stopped);
    assertTrue(lab.tryClient(proxy).isEmpty(), "a stopped proxy takes connections");
    assertEquals(0, proxy.inFlight());
  }

  /** Asks for something: either the connection is gone, or the answer says why not. */
  private static void checkRefused(Lab lab, Asking ask) {
    try {
      Problem.read(ask.ask(), ErrorCode.STOPPING);
    } catch (BrokenConnectionError e) {
      lab.note("no connection: " + e.getMessage());
    }
  }

  private interface Asking {
    ClientExchange ask();
  }

  @Rule(id = "L-08", intent = "what is left at the grace's end is aborted, and plugins are told")
  void graceEnds(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange waiting = lab.client(proxy).get("/");
    OriginRequest unanswered = origin.accept();
    ClientExchange reading = lab.client(proxy).get("/");
    OriginRequest begun = origin.accept();
    begun.head(200);
    begun.send("half");
    assertEquals("half", reading.readText(4));

    CompletableFuture<Void> stopped = proxy.stopAsync(lab.shortTimeout()).toCompletableFuture();
    assertFalse(stopped.isDone());
    lab.pass();

    Problem.read(waiting, ErrorCode.STOPPING);
    assertEquals(Ending.UNCLEAN, reading.ending());
    unanswered.awaitAborted();
    begun.awaitAborted();
    Waits.on("the proxy has stopped", stopped);
    List<HookCall> ends = lab.recorder().calls("a", "onError");
    assertEquals(2, ends.size());
    List<Outcome> outcomes = new ArrayList<>();
    for (HookCall end : ends) {
      assertEquals(ErrorCode.STOPPING, end.fault().code());
      outcomes.add(end.end().outcome());
    }
    assertTrue(outcomes.containsAll(List.of(Outcome.FAILED, Outcome.ABORTED)), "" + outcomes);
  }

  @Rule(id = "L-09", intent = "onProxyStop is called once, after the last exchange's end was told")
  void stopComesLast(Lab lab) {
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean told = new AtomicBoolean();
    AtomicBoolean toldBeforeStop = new AtomicBoolean();
    TestPlugin slow =
        lab.plugin("slow")
            .blocking()
            .onResponseComplete(
                (ctx, summary) -> {
                  Waits.on("the end may be told", release);
                  told.set(true);
                })
            .onProxyStop(info -> toldBeforeStop.set(told.get()));
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin, slow, lab.plugin("quick"));
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    lab.recorder().await("slow", "onResponseComplete");

    CompletableFuture<Void> stopped = proxy.stopAsync(LONG).toCompletableFuture();
    assertFalse(stopped.isDone());
    assertEquals(List.of(), lab.recorder().order("onProxyStop"));
    release.countDown();

    Waits.on("the proxy has stopped", stopped);
    assertTrue(toldBeforeStop.get(), "stopped before the end was told");
    for (String id : List.of("slow", "quick")) {
      assertEquals(1, lab.recorder().count(id, "onProxyStop"));
      HookCall stop = lab.recorder().await(id, "onProxyStop");
      assertTrue(lab.recorder().awaitEnd(id).number() < stop.number(), id);
    }
  }

  @Rule(id = "L-10", intent = "a hanging onProxyStop is left behind at its stop deadline")
  void hangingStopIsLeftBehind(Lab lab) {
    CountDownLatch release = new CountDownLatch(1);
    TestPlugin hanging =
        lab.plugin("hanging")
            .priority(600)
            .stopDeadline(lab.shortTimeout())
            .onProxyStop(
                info -> {
                  while (release.getCount() > 0) {
                    try {
                      release.await();
                    } catch (InterruptedException e) {
                      lab.note("the hanging stop was interrupted");
                    }
                  }
                });
    try {
      Proxy proxy = lab.proxy(lab.origin(), hanging, lab.plugin("after").priority(400));
      CompletableFuture<Void> stopped = proxy.stopAsync(LONG).toCompletableFuture();
      lab.recorder().await("hanging", "onProxyStop");
      assertFalse(stopped.isDone());

      lab.pass();

      Waits.on("the proxy has stopped", stopped);
      assertEquals(List.of("hanging", "after"), lab.recorder().order("onProxyStop"));
    } finally {
      release.countDown();
    }
  }

  @Rule(id = "L-11", intent = "stop and close are idempotent")
  void stopIsIdempotent(Lab lab) {
    Proxy proxy = lab.proxy(lab.origin(), lab.plugin("a"));

    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          lab.async(
              () -> {
                proxy.stop();
                proxy.close();
                return true;
              }));
    }
    all.forEach(one -> assertTrue(Waits.on("a stop returns", one)));
    proxy.stop(Duration.ZERO);
    proxy.close();

    assertTrue(proxy.stopAsync(LONG).toCompletableFuture().isDone());
    for (String step : List.of("onProxyStop", "onDisable", "onUninstall")) {
      assertEquals(1, lab.recorder().count("a", step), step);
    }
  }

  @Rule(id = "L-16", intent = "scheduled work of a plugin ends with its interceptor")
  void scheduledWorkEnds(Lab lab) {
    AtomicReference<@Nullable PluginContext> context = new AtomicReference<>();
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    Duration often = Duration.ofMillis(50);
    TestPlugin plugin =
        lab.plugin("a")
            .onCreate(
                given -> {
                  context.set(given);
                  given.scheduler().scheduleRepeatedly(often, runs::incrementAndGet);
                });
    Proxy proxy = lab.proxy(lab.origin(), plugin);
    lab.time().advance(often.multipliedBy(2));
    Waits.until("the work has run", () -> runs.get() > 0);
    PluginContext given = Objects.requireNonNull(context.get());
    given.scheduler().schedule(Duration.ofMillis(900), late::incrementAndGet);

    Waits.on("the plugin is disabled", proxy.plugins().disable("a").toCompletableFuture());

    // A run that had begun may end.
    lab.pass();
    int before = runs.get();
    lab.time().advance(Duration.ofMillis(700));
    assertEquals(before, runs.get());
    assertEquals(0, late.get());
    assertThrows(IllegalStateException.class, () -> given.scheduler().schedule(often, () -> {}));
  }

  @Rule(id = "L-19", intent = "after stop the address is free", needs = Capability.SOCKETS)
  void addressIsFree(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy first = lab.proxy(origin);
    int port = first.port();
    assertEquals("ok", lab.client(first).get("/").readAllText());
    ClientExchange open = lab.client(first).get("/");
    assertEquals("ok", open.readAllText());

    first.stop();

    assertTrue(lab.tryClient(first).isEmpty(), "a stopped proxy takes connections");
    Proxy second = lab.proxy(builder -> builder.port(port).route("/**", origin.url()));
    assertEquals(port, second.port());
    assertEquals("ok", lab.client(second).get("/").readAllText());
  }
}
