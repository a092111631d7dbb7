package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.PluginFault;
import dev.headgate.core.registry.PluginState;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/** Bodies that plugins publish, and that fail: P-50, P-51. */
final class PublisherRules {
  /** All that a publisher can do wrong, by path. */
  private static final Map<String, Flow.Publisher<ByteBuffer>> FAULTS =
      Map.of(
          "/signals", one(subscriber -> subscriber.onError(onPurpose())),
          "/throws",
              one(
                  subscriber -> {
                    throw onPurpose();
                  }),
          "/error",
              one(
                  subscriber -> {
                    throw new NoClassDefFoundError("on purpose");
                  }),
          "/null", one(subscriber -> subscriber.onNext(nothing())),
          "/unasked",
              one(
                  subscriber -> {
                    subscriber.onNext(bytes("two"));
                    subscriber.onNext(bytes("three"));
                  }),
          "/subscribe",
              subscriber -> {
                throw onPurpose();
              },
          "/unsubscribed", subscriber -> subscriber.onNext(bytes("one")));

  private static final Duration COOL_DOWN = Duration.ofMinutes(1);

  @Rule(id = "P-50", intent = "a published body that fails is a fault of the plugin's, and named")
  void failedBodyIsAFault(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin before = lab.plugin("before").priority(10);
    Proxy open = proxy(lab, origin, 100, before, answering(lab, "open"));
    Proxy closed = proxy(lab, origin, 100, answering(lab, "closed").failClosed());
    Proxy replacing = proxy(lab, origin, 100, replacing(lab));

    long faults = 0;
    for (String path : new TreeSet<>(FAULTS.keySet())) {
      faults++;
      cutOff(lab, open, path, "open", "onRequest", faults);
      cutOff(lab, closed, path, "closed", "onRequest", faults);
      cutOff(lab, replacing, path, "replacing", "onResponseHeaders", faults);
      // Others are told, too.
      HookCall end = lab.recorder().awaitEnd("before", (int) faults);
      assertEquals("open", assertInstanceOf(PluginFault.class, end.fault()).pluginId());
    }
  }

  private static void cutOff(
      Lab lab, Proxy proxy, String path, String plugin, String hook, long faults) {
    ClientExchange exchange = lab.client(proxy).get(path);
    assertEquals(200, exchange.status());
    assertEquals(Ending.UNCLEAN, exchange.ending());
    HookCall end = lab.recorder().awaitEnd(plugin, (int) faults);
    PluginFault fault = assertInstanceOf(PluginFault.class, end.fault());
    assertEquals(
        "plugin_failed " + plugin + " " + hook,
        fault.code().id() + " " + fault.pluginId() + " " + fault.hook());
    assertEquals(Outcome.ABORTED, end.end().outcome());
    lab.awaitIdle(proxy);
    assertEquals(faults, status(proxy, plugin).faults(), path);
  }

  @Rule(
      id = "P-51",
      intent = "a published body's fault is told to the client while that is possible")
  void failedBodyIsTold(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    // Takes the body as a whole, so that nothing has gone out.
    TestPlugin collecting =
        lab.plugin("collecting")
            .priority(10)
            .onResponseHeaders(
                ctx -> ResponseDecision.withBody(100, body -> ResponseDecision.proceed()));
    CancelledLoudly loud = new CancelledLoudly();
    TestPlugin answering =
        lab.plugin("b")
            .priority(20)
            .onRequest(
                ctx -> {
                  DirectResponse answer =
                      ctx.request().path().equals("/loud")
                          ? DirectResponse.status(200).stream(loud)
                          : failing("/signals");
                  return RequestDecision.respond(answer);
                });
    Proxy whole = lab.proxy(origin, collecting, answering);
    Proxy suspending = proxy(lab, origin, 2, answering);

    ClientExchange exchange = lab.client(whole).get("/fails");
    String told = assertError(500, "plugin_failed", exchange);
    assertTrue(told.contains("\"plugin\":\"b\""), told);
    String status = String.valueOf(exchange.response().header("Proxy-Status"));
    assertTrue(status.contains("b"), status);
    lab.awaitIdle(whole);

    // When a publisher fails as it is cancelled, that changes nothing, and counts.
    ClientExchange gone = lab.client(suspending).get("/loud");
    assertEquals("one", gone.readText(3));
    gone.vanish();
    Waits.on("the publisher is cancelled", loud.cancelled);
    assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd("b", 2).end().outcome());
    lab.awaitIdle(suspending);
    assertEquals(1, status(suspending, "b").faults());
    assertEquals(PluginState.ENABLED, status(suspending, "b").state());

    // Two in a row suspend it.
    assertEquals(Ending.UNCLEAN, lab.client(suspending).get("/fails").ending());
    lab.awaitIdle(suspending);
    assertEquals(PluginState.SUSPENDED, status(suspending, "b").state());
    assertEquals("ok", lab.client(suspending).get("/fails").readAllText());
  }

  private static Proxy proxy(Lab lab, TestOrigin origin, int faults, TestPlugin... plugins) {
    return lab.proxy(
        builder -> {
          builder.route("/**", origin.url()).suspendAfter(faults, COOL_DOWN);
          for (TestPlugin plugin : plugins) builder.plugin(plugin);
        });
  }

  private static TestPlugin answering(Lab lab, String id) {
    return lab.plugin(id)
        .priority(20)
        .onRequest(ctx -> RequestDecision.respond(failing(ctx.request().path())));
  }

  private static TestPlugin replacing(Lab lab) {
    return lab.plugin("replacing")
        .onResponseHeaders(ctx -> ResponseDecision.replace(failing(ctx.request().path())));
  }

  private static DirectResponse failing(String path) {
    Flow.Publisher<ByteBuffer> body = FAULTS.get(path);
    if (body == null) throw new AssertionError(path);
    return DirectResponse.status(200).stream(body);
  }

  /** What a plugin can publish all the same. */
  @SuppressWarnings("NullAway")
  private static ByteBuffer nothing() {
    return null;
  }

  /** Publishes a buffer when it is first asked, and then does something else. */
  private static Flow.Publisher<ByteBuffer> one(Then then) {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private boolean published;

              @Override
              public void request(long count) {
                if (published) {
                  then.go(subscriber);
                } else {
                  published = true;
                  subscriber.onNext(bytes("one"));
                }
              }

              @Override
              public void cancel() {}
            });
  }

  private interface Then {
    void go(Flow.Subscriber<? super ByteBuffer> subscriber);
  }

  /** Publishes one buffer, and fails when it is cancelled. */
  private static final class CancelledLoudly implements Flow.Publisher<ByteBuffer> {
    final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            private boolean published;

            @Override
            public void request(long count) {
              if (published) return;
              published = true;
              subscriber.onNext(bytes("one"));
            }

            @Override
            public void cancel() {
              cancelled.countDown();
              throw onPurpose();
            }
          });
    }
  }
}
