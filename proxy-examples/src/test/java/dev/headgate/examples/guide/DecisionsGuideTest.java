package dev.headgate.examples.guide;

import static dev.headgate.examples.guide.Asking.plugin;
import static dev.headgate.examples.guide.Asking.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.http.RequestHead;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionsGuideTest {
  private static ProxyPlugin observer(String id, Interceptor interceptor) {
    return plugin(PluginMetadata.builder(id).observesBodies().build(), context -> interceptor);
  }

  static final class AtOnce implements Interceptor {
    // tag::decisions[]
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      RequestHead request = ctx.request();
      if (request.path().startsWith("/admin")) {
        return RequestDecision.fail(
            new ProxyFault(
                ErrorCode.of("admin_closed", 403), Phase.REQUEST_HOOKS, "Closed for today."));
      }
      if (request.path().equals("/ping")) {
        return RequestDecision.respond(DirectResponse.status(200).text("pong"));
      }
      request.headers().set("X-Tenant", "shop");
      return RequestDecision.proceed();
    }
    // end::decisions[]
  }

  @Test
  void decidesAtOnce() throws Exception {
    try (Proxy proxy = Asking.proxy(observer("at-once", new AtOnce()))) {
      assertEquals("pong", post(proxy, "/ping", "").body());
      HttpResponse<String> refused = post(proxy, "/admin/users", "");
      assertEquals(403, refused.statusCode());
      assertTrue(refused.body().contains("\"code\":\"admin_closed\""), refused.body());
      HttpResponse<String> passed = post(proxy, "/", "hello");
      assertEquals("shop", passed.headers().firstValue("Echo-X-Tenant").orElse(""));
      assertEquals("hello", passed.body());
    }
  }

  /** A service that gives a token some time. */
  interface Tokens {
    CompletionStage<String> fetch(String sessionId);
  }

  record Later(Tokens tokens) implements Interceptor {
    // tag::later[]
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      CompletionStage<String> token = tokens.fetch(ctx.session().id());
      return RequestDecision.later(
          token.thenApply(
              value ->
                  RequestDecision.proceed(edit -> edit.request().headers().set("X-Token", value))));
    }
    // end::later[]
  }

  @Test
  void decidesLater() throws Exception {
    ExecutorService elsewhere = Executors.newSingleThreadExecutor();
    Tokens tokens = session -> CompletableFuture.supplyAsync(() -> "t-1", elsewhere);
    try (Proxy proxy = Asking.proxy(observer("later", new Later(tokens)))) {
      assertEquals("t-1", post(proxy, "/", "").headers().firstValue("Echo-X-Token").orElse(""));
    } finally {
      elsewhere.shutdown();
    }
  }

  static final class WithBody implements Interceptor {
    // tag::withbody[]
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      return RequestDecision.withBody(
          256 * 1024,
          body -> {
            if (!body.text().contains("\"stream\":false")) return RequestDecision.proceed();
            String streaming = body.text().replace("\"stream\":false", "\"stream\":true");
            return RequestDecision.proceedWithBody(ByteBuffer.wrap(streaming.getBytes(UTF_8)));
          });
    }
    // end::withbody[]
  }

  @Test
  void decidesWithTheBody() throws Exception {
    try (Proxy proxy = Asking.proxy(observer("with-body", new WithBody()))) {
      assertEquals("{\"stream\":true}", post(proxy, "/", "{\"stream\":false}").body());
      assertEquals("{}", post(proxy, "/", "{}").body());
      HttpResponse<String> tooLarge = post(proxy, "/", "x".repeat(256 * 1024 + 1));
      assertEquals(413, tooLarge.statusCode());
    }
  }

  static final class OnTheWayOut implements Interceptor {
    // tag::response[]
    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) {
      if (ctx.response().status() != 404) return ResponseDecision.proceed();
      return ResponseDecision.replace(DirectResponse.status(200).json("{\"found\":false}"));
    }
    // end::response[]
  }

  @Test
  void decidesOnTheWayOut() throws Exception {
    try (Proxy proxy =
        Proxy.builder()
            .route("/**", ctx -> RequestDecision.respond(DirectResponse.status(404).empty()))
            .plugin(observer("way-out", new OnTheWayOut()))
            .start()) {
      HttpResponse<String> response = post(proxy, "/", "");
      assertEquals(200, response.statusCode());
      assertEquals("{\"found\":false}", response.body());
    }
  }

  record Blocking(Path file) implements ProxyPlugin {
    // tag::blocking[]
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("team-header").blocking().build();
    }

    // end::blocking[]

    @Override
    public Interceptor createInterceptor(dev.headgate.api.PluginContext context) {
      return new Interceptor() {
        // tag::blocking-hook[]
        @Override
        public RequestDecision onRequest(ProxyContext ctx) throws Exception {
          ctx.request().headers().set("X-Team", Files.readString(file).strip());
          return RequestDecision.proceed();
        }
        // end::blocking-hook[]
      };
    }
  }

  @Test
  void mayBlockWhereItSaysSo(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("team"), "blue\n");
    try (Proxy proxy = Asking.proxy(new Blocking(file))) {
      assertEquals("blue", post(proxy, "/", "").headers().firstValue("Echo-X-Team").orElse(""));
    }
  }

  record Countdown(ExecutorService threads) {
    // tag::stream[]
    RequestDecision countdown(ProxyContext ctx) {
      return RequestDecision.respond(
          DirectResponse.status(200).header("Content-Type", "text/event-stream").stream(
              this::publishTo));
    }

    /** Called for each sending. */
    private void publishTo(Flow.Subscriber<? super ByteBuffer> client) {
      SubmissionPublisher<ByteBuffer> events = new SubmissionPublisher<>(threads, 1);
      events.subscribe(client);
      threads.execute(
          () -> {
            for (int i = 3; i > 0 && events.hasSubscribers(); i--) {
              events.submit(ByteBuffer.wrap(("data: " + i + "\n\n").getBytes(UTF_8)));
            }
            events.close();
          });
    }
    // end::stream[]
  }

  @Test
  void answersWithAStream() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    Countdown countdown = new Countdown(threads);
    try (Proxy proxy = Proxy.builder().route("/events", countdown::countdown).start()) {
      assertEquals("data: 3\n\ndata: 2\n\ndata: 1\n\n", post(proxy, "/events", "").body());
    } finally {
      threads.shutdown();
    }
  }
}
