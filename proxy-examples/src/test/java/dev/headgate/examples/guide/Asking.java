package dev.headgate.examples.guide;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Function;

/** What the tests of the guide share: an upstream that shows what it was sent, and a client. */
final class Asking {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Asking() {}

  /** Answers with the body that it was sent, and with the fields whose names begin with X-. */
  static RequestDecision echo(ProxyContext ctx) {
    return RequestDecision.withBody(
        1 << 20,
        body -> {
          DirectResponse.Builder response = DirectResponse.status(200);
          ctx.request()
              .headers()
              .forEach(
                  (name, value) -> {
                    if (name.startsWith("X-")) response.header("Echo-" + name, value);
                  });
          return RequestDecision.respond(response.text(body.text()));
        });
  }

  /** Makes a plugin of metadata and a way to its interceptor. */
  static ProxyPlugin plugin(
      PluginMetadata metadata, Function<PluginContext, Interceptor> interceptor) {
    return new ProxyPlugin() {
      @Override
      public PluginMetadata metadata() {
        return metadata;
      }

      @Override
      public Interceptor createInterceptor(PluginContext context) {
        return interceptor.apply(context);
      }
    };
  }

  /** Starts a proxy with one plugin in front of the echo. */
  static Proxy proxy(ProxyPlugin plugin) {
    return Proxy.builder().route("/**", Asking::echo).plugin(plugin).start();
  }

  static HttpResponse<String> post(Proxy proxy, String path, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(proxy.uri().resolve(path))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
