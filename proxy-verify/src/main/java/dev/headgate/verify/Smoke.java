package dev.headgate.verify;

import com.sun.net.httpserver.HttpServer;
import dev.headgate.Proxy;
import dev.headgate.ProxyEngine;
import dev.headgate.core.coding.ContentCodings;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.TreeSet;

/**
 * Starts a proxy in front of a server of the JDK, sends one request through it, and prints what
 * came of it.
 *
 * <p><b>How a modular application gets its backend.</b> By putting it on the module path:
 *
 * <pre>{@code
 * java --module-path app.jar:lib -m com.example.app/com.example.app.Main
 * }</pre>
 *
 * <p>{@code module-info} requires {@code dev.headgate.core} and nothing of the backend. The core
 * says {@code uses dev.headgate.core.spi.Backend}, the backend {@code provides} it, and at the
 * start {@code java} resolves, with each module that uses a service, the modules on the path that
 * provide it: {@code --add-modules} is not needed. The same holds for {@code dev.headgate.codings}
 * and for a logging back end. {@code jlink} is different: it takes providers in only with {@code
 * --bind-services}, or by name with {@code --add-modules dev.headgate.jetty}.
 */
public final class Smoke {
  private Smoke() {}

  /**
   * Runs it.
   *
   * @param args not used
   * @throws Exception if anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    try (ProxyEngine engine = ProxyEngine.start(EngineOptions.defaults())) {
      System.out.println("application in " + describe(Smoke.class));
      System.out.println("backend in " + describe(engine.backend().getClass()));
      System.out.println("codings " + new TreeSet<>(ContentCodings.installed().names()));
      HttpServer upstream = upstream();
      try (Proxy proxy =
          Proxy.builder()
              .route("/**", "http://127.0.0.1:" + upstream.getAddress().getPort())
              .plugin(HeaderInjectionPlugin.builder().cli("smoke", "1.0").build())
              .plugin(guest())
              .engine(engine)
              .start()) {
        System.out.println("answer " + get(proxy.uri().resolve("/hello")));
      } finally {
        upstream.stop(0);
      }
    }
  }

  /** A guest with one hook, which returns 0; so small that it stands here. */
  private static WasmPlugin guest() throws WasmLoadException {
    String module =
        "0061736d010000000108026000006000017f0303020001072a020f68656164676174655f6162695f7631"
            + "0000146f6e5f726573706f6e73655f636f6d706c65746500010a090202000b040041000b";
    WasmPlugin plugin = WasmPlugin.builder(HexFormat.of().parseHex(module)).id("guest").build();
    System.out.println("guest in " + describe(plugin.getClass()));
    return plugin;
  }

  private static String describe(Class<?> type) {
    return type.getModule().isNamed() ? "module " + type.getModule().getName() : "no module";
  }

  private static HttpServer upstream() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String cli = exchange.getRequestHeaders().getFirst("X-Headgate-CLI");
          byte[] answer =
              (exchange.getRequestURI() + " from " + cli).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    HttpResponse<String> response =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
