package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.tls.ListenerTls;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser in front of the proxy, inside TLS: it chooses HTTP/2 for all of a page, for its event
 * stream, and for its WebSocket (RFC 8441).
 */
class ChromiumTest {
  @TempDir Path directory;

  /** Notes what was asked for, and in which version. */
  private static final class Notes implements ProxyPlugin, Interceptor {
    final List<String> requests = new CopyOnWriteArrayList<>();

    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("notes").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      requests.add(
          ctx.request().method() + " " + ctx.request().path() + " " + ctx.request().version());
      return RequestDecision.proceed();
    }
  }

  @Test
  void pageEventsAndWebSocketComeByHttp2() throws Exception {
    Tools.version("chromium", "--version");
    NodeModules.prepare();
    SelfSigned own = SelfSigned.make(directory);
    Notes notes = new Notes();
    CountDownLatch opened = new CountDownLatch(1);
    try (Upstream upstream = new Upstream();
        Peer sockets = new Peer(NodeModules.command("ws.mjs"))) {
      upstream.script(request -> serve(request, opened));
      try (Proxy proxy =
              Proxy.builder()
                  .route("/**", upstream.url())
                  .route("/chat", "http://127.0.0.1:" + sockets.line())
                  .tls(ListenerTls.builder().certificate(own.certificate(), own.key()).build())
                  .plugin(notes)
                  .start();
          Peer chromium =
              new Peer(
                  NodeModules.command(
                      "chromium.mjs", "https://127.0.0.1:" + proxy.port(), own.pin()))) {
        assertEquals("{\"status\":200,\"title\":\"Headgate\"}", chromium.line());
        assertEquals("\"h2\"", chromium.line());
        // The head of the event stream is there before its first event.
        assertEquals("\"open\"", chromium.line());
        opened.countDown();
        for (int i = 1; i <= 5; i++) assertEquals("\"" + i + " event " + i + "\"", chromium.line());
        assertEquals("{\"status\":200,\"same\":true}", chromium.line());
        assertEquals(
            "{\"seen\":[\"hello /chat?room=1\",\"message 1\",\"message 2\",\"message 3\",true],"
                + "\"code\":4001,\"wasClean\":true,\"protocol\":\"other\"}",
            chromium.line());
        assertEquals("\"closed 1006\"", chromium.line());
        assertEquals(0, chromium.exit());
      }
      assertEquals(List.of(), upstream.failures());
    }
    for (String asked :
        List.of("GET /page", "GET /events", "POST /echo", "GET /chat", "GET /refused")) {
      assertTrue(notes.requests.contains(asked + " HTTP_2"), notes.requests::toString);
    }
  }

  private static void serve(Served request, CountDownLatch opened) throws Exception {
    switch (request.target()) {
      case "/page" ->
          request.answer(200, "text/html", "<!doctype html><title>Headgate</title><p>A page");
      case "/events" -> {
        request.events();
        if (!opened.await(Waiting.CEILING.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("the head of the event stream has not come");
        }
        for (int i = 1; i <= 5; i++) request.chunk("id: " + i + "\ndata: event " + i + "\n\n");
        request.chunk("event: done\ndata:\n\n").lastChunk();
      }
      case "/echo" -> request.answer(request.text());
      case "/refused" -> request.answer(403, "text/plain", "no");
      default -> request.answer(404, "text/plain", "not here");
    }
  }
}
