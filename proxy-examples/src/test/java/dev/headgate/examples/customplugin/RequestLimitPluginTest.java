package dev.headgate.examples.customplugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.route.RouteHandler;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class RequestLimitPluginTest {
  // tag::testing[]
  @Test
  void answersFurtherRequestsItself() {
    try (PluginSession proxy = PluginHarness.with(new RequestLimitPlugin(1)).start()) {
      HarnessResult first = proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
      assertEquals("hello", first.text());

      HarnessResult second = proxy.request("GET", "/").run();
      assertEquals(429, second.status());
      assertFalse(second.upstreamAsked());
    }
  }

  @Test
  void takesItsLimitFromTheProxy() {
    HarnessResult result =
        PluginHarness.with(new RequestLimitPlugin(1))
            .setting("most", "0")
            .request("GET", "/")
            .run();
    assertEquals(429, result.status());
  }

  // end::testing[]

  @Test
  void countsForEachProxyByItself() throws Exception {
    RouteHandler hello = ctx -> RequestDecision.respond(DirectResponse.status(200).text("hello"));
    RequestLimitPlugin plugin = new RequestLimitPlugin(1);
    try (Proxy one = Proxy.builder().route("/**", hello).plugin(plugin).start();
        Proxy two = Proxy.builder().route("/**", hello).plugin(plugin).start()) {
      assertEquals("hello", ask(one).body());
      assertEquals("hello", ask(two).body());
      assertEquals("This session has had its 1 requests.\n", ask(one).body());
    }
  }

  private static HttpResponse<String> ask(Proxy proxy) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(proxy.uri()).build(), BodyHandlers.ofString());
  }
}
