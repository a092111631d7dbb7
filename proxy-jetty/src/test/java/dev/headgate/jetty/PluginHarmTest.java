package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.StartException;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.CollectedBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plugins do wrong, or are misled into, must harm nobody else. */
class PluginHarmTest extends WireTest {
  private record Made(PluginMetadata metadata, Interceptor interceptor) implements ProxyPlugin {
    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return interceptor;
    }
  }

  private static PluginMetadata.Builder named() {
    return PluginMetadata.builder("harm");
  }

  private Proxy with(PluginMetadata metadata, Interceptor interceptor) {
    return proxy(builder -> builder.plugin(new Made(metadata, interceptor)));
  }

  // --- codings

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toByteArray();
  }

  /** A client must not hide its body from an inspection by a coding on a second line. */
  @ParameterizedTest
  @ValueSource(strings = {"identity", "", "gzip"})
  void collectedBodyIsDecodedWhateverTheLines(String first) throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Interceptor inspects =
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) {
            return RequestDecision.withBody(
                1000,
                body -> {
                  seen.add(text(body));
                  return RequestDecision.respond(DirectResponse.status(200).empty());
                });
          }
        };
    PluginMetadata metadata = named().plainText().failurePolicy(FailurePolicy.FAIL_CLOSED).build();
    Wire client = client(with(metadata, inspects));
    byte[] coded = gzip("secret");
    if (first.equals("gzip")) coded = gzip(new String(coded, StandardCharsets.ISO_8859_1));
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: "
            + first
            + "\r\nContent-Encoding: gzip\r\nContent-Length: "
            + coded.length
            + "\r\n\r\n");
    client.send(coded);
    assertEquals(200, client.readHead().status());
    assertEquals("secret", seen.poll());
  }

  private static String text(CollectedBody body) {
    return StandardCharsets.ISO_8859_1.decode(body.bytes()).toString();
  }

  // --- framing

  /** Fields of the connection that a plugin sets would frame the response a second time. */
  @Test
  void responseIsFramedOnce() {
    Interceptor frames =
        new Interceptor() {
          @Override
          public ResponseDecision onResponseHeaders(ProxyContext ctx) {
            return ResponseDecision.proceed(
                edited -> {
                  edited.response().headers().set("Transfer-Encoding", "chunked");
                  edited.response().headers().set("Connection", "close");
                  edited.response().headers().set("Keep-Alive", "timeout=1");
                  edited.response().headers().set("X-Kept", "yes");
                });
          }
        };
    Wire client = client(with(named().build(), frames));
    Wire upstream = null;
    for (int i = 0; i < 2; i++) {
      client.send(get("/"));
      if (upstream == null) upstream = origin.accept();
      upstream.readHead();
      upstream.send(ok("hello"));
      Wire.Head head = client.readHead();
      assertEquals("5", head.get("Content-Length"));
      assertEquals("yes", head.get("X-Kept"));
      for (String name : List.of("Transfer-Encoding", "Connection", "Keep-Alive")) {
        assertNull(head.get(name), head.toString());
      }
      assertEquals("hello", client.readBody(head));
    }
  }

  /** A client must not get rid of what a plugin says of it by naming that in Connection. */
  @Test
  void fieldOfAPluginIsNotTheClientsToDrop() {
    Interceptor identifies =
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) {
            assertNull(ctx.request().headers().get("X-User"));
            ctx.request().headers().set("X-User", "guest");
            return RequestDecision.proceed();
          }
        };
    PluginMetadata metadata = named().failurePolicy(FailurePolicy.FAIL_CLOSED).build();
    Wire client = client(with(metadata, identifies));
    client.send(
        String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: localhost",
            "Connection: keep-alive, x-user",
            "Connection: TE",
            "TE: trailers",
            "X-User: admin",
            "",
            ""));
    Wire upstream = origin.accept();
    Wire.Head head = upstream.readHead();
    assertEquals("guest", head.get("X-User"));
    assertEquals("trailers", head.get("TE"));
    assertNull(head.get("Connection"), head.toString());
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
  }

  /** The client's own method says whether its response has a body. */
  @Test
  void methodThatAPluginChangedFramesTheRequestOnly() {
    Interceptor asksLess =
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) {
            ctx.request().method("HEAD");
            return RequestDecision.proceed();
          }
        };
    Wire client = client(with(named().build(), asksLess));
    Wire upstream = null;
    for (int i = 0; i < 2; i++) {
      client.send(get("/"));
      if (upstream == null) upstream = origin.accept();
      assertEquals("HEAD / HTTP/1.1", upstream.readHead().line());
      upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      assertEquals("0", client.readHead().get("Content-Length"));
    }
  }

  // --- transactions

  private static final AttributeKey<String> NOTE = AttributeKey.named("note");

  /** What a blocking call wrote is undone with the decision that it put off. */
  @Test
  void attributesOfABlockingCallWhoseDecisionFails() {
    Interceptor fails =
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) {
            ctx.attributes().put(NOTE, "written");
            ctx.request().headers().set("X-Note", "written");
            return RequestDecision.later(
                CompletableFuture.failedFuture(new IllegalStateException("on purpose")));
          }
        };
    TestPlugin tells =
        new TestPlugin(
            ctx ->
                RequestDecision.respond(
                    DirectResponse.status(200)
                        .text(
                            ctx.attributes().get(NOTE)
                                + " "
                                + ctx.request().headers().get("X-Note"))));
    PluginMetadata metadata = named().priority(10).blocking().build();
    Proxy proxy = proxy(builder -> builder.plugin(new Made(metadata, fails)).plugin(tells));
    Wire client = client(proxy);
    client.send(get("/"));
    assertEquals("null null", client.readBody(client.readHead()));
  }

  // --- publishers

  /** Publishes one buffer, and fails where a test says. */
  private static final class Failing implements Flow.Publisher<ByteBuffer> {
    private final String where;
    final CountDownLatch cancelled = new CountDownLatch(1);

    Failing(String where) {
      this.where = where;
    }

    private void fail(String here) {
      if (here.equals(where)) throw new NoClassDefFoundError(here);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      fail("subscribe");
      subscriber.onSubscribe(
          new Flow.Subscription() {
            private boolean published;

            @Override
            public void request(long n) {
              fail("request");
              if (published) return;
              published = true;
              subscriber.onNext(ByteBuffer.wrap(new byte[] {'x'}));
            }

            @Override
            public void cancel() {
              cancelled.countDown();
              fail("cancel");
            }
          });
    }
  }

  /** A missing class breaks the response off; it does not leave its client waiting. */
  @ParameterizedTest
  @ValueSource(strings = {"subscribe", "request"})
  void publisherThatThrowsAnError(String where) {
    CompletableFuture<RequestDecision> later = new CompletableFuture<>();
    Proxy proxy = proxy(builder -> builder.route("/stream", ctx -> RequestDecision.later(later)));
    Wire client = client(proxy);
    client.send(get("/stream"));
    later.complete(RequestDecision.respond(DirectResponse.status(200).stream(new Failing(where))));
    client.readHead();
    assertEquals("", client.readAll());
  }

  /** The exchange is over whatever a publisher does then. */
  @Test
  void publisherThatFailsWhenCancelled() throws InterruptedException {
    Failing publisher = new Failing("cancel");
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    Proxy proxy =
        proxy(
            builder ->
                builder
                    .plugin(plugin)
                    .route(
                        "/stream",
                        ctx ->
                            RequestDecision.respond(DirectResponse.status(200).stream(publisher))));
    Wire client = client(proxy);
    client.send(get("/stream"));
    client.readHead();
    assertEquals("x", client.readChunk());
    client.close();
    assertTrue(publisher.cancelled.await(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS));
    plugin.awaitEnd();
  }

  // --- the life cycle

  /** Notes its life, and fails with an error, as of a missing class, where a test says. */
  private record Living(String id, @Nullable String fails, List<String> notes)
      implements ProxyPlugin {
    private void note(String step) {
      if (step.equals(fails)) throw new NoClassDefFoundError(step);
      notes.add(id + " " + step);
    }

    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(id).build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      note("create");
      return new Interceptor() {
        @Override
        public void onProxyStart(ProxyInfo proxy) {
          note("start");
        }

        @Override
        public void onProxyStop(ProxyInfo proxy) {
          note("stop");
        }
      };
    }

    @Override
    public void onEnable() {
      note("enable");
    }

    @Override
    public void onDisable() {
      note("disable");
    }

    @Override
    public void onUninstall() {
      note("uninstall");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "start", "enable"})
  void errorAtTheStart(String step) {
    List<String> notes = new CopyOnWriteArrayList<>();
    StartException refused =
        assertThrows(
            StartException.class,
            () ->
                proxy(
                    builder ->
                        builder
                            .plugin(new Living("first", null, notes))
                            .plugin(new Living("second", step, notes))));
    assertTrue(refused.getMessage().contains("'second'"), refused.getMessage());
    assertEquals(step.equals("start"), notes.contains("first stop"), notes.toString());
    assertTrue(
        notes.contains("first disable") || !notes.contains("first create"), notes.toString());
    assertTrue(notes.contains("first uninstall"), notes.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "disable", "uninstall"})
  void errorAtTheStop(String step) {
    List<String> notes = new CopyOnWriteArrayList<>();
    Proxy proxy =
        proxy(
            builder ->
                builder
                    .plugin(new Living("first", null, notes))
                    .plugin(new Living("second", step, notes)));
    proxy.stop(Duration.ZERO);
    for (String after : List.of("stop", "disable", "uninstall")) {
      assertTrue(notes.contains("first " + after), notes.toString());
    }
  }
}
