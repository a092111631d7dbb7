package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.headgate.api.Session;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import dev.headgate.wasm.support.Guests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What guests are told, as the documentation promises it. */
class GuestInputTest {
  @Test
  void headsAndEndsAreJson() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.headgate.plugin.input-echo");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    WasmPlugin plugin = Guests.plugin(Guests.test("input-echo")).build();
    try (PluginSession proxy =
        PluginHarness.with(plugin)
            .session(Session.builder("s-1").agent("tool").model("m").build())
            .start()) {
      proxy
          .request("GET", "/a%20b?q=%22")
          .header("X-Text", "a \"b\" \\")
          .upstreamHeader("X-Up", "up")
          .upstreamAnswers(201, "hello")
          .run();
      proxy.request("GET", "/").upstreamRefuses().run();
    } finally {
      logger.detachAppender(lines);
    }
    List<String> inputs = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    String request = inputs.get(0).replaceAll("\"requestId\":\"[-0-9a-f]{36}\",", "");
    assertTrue(
        request.startsWith("{\"method\":\"GET\",\"scheme\":\"http\",\"authority\":"), request);
    assertTrue(
        request.contains("\"path\":\"/a%20b\",\"query\":\"q=%22\",\"version\":\"HTTP/1.1\""),
        request);
    assertTrue(request.contains("[\"X-Text\",\"a \\\"b\\\" \\\\\"]"), request);
    assertTrue(
        request.endsWith("\"session\":{\"id\":\"s-1\",\"agent\":\"tool\",\"model\":\"m\"}}"),
        request);
    String response = inputs.get(1);
    assertTrue(response.contains("\"status\":201,\"headers\":["), response);
    assertTrue(response.contains("[\"X-Up\",\"up\"]"), response);
    assertTrue(
        response.endsWith(
            "\"request\":{\"method\":\"GET\",\"path\":\"/a%20b\",\"query\":\"q=%22\"}}"),
        response);
    assertTrue(
        inputs.get(2).contains("\"outcome\":\"COMPLETED\",\"status\":201,\"requestBytes\":0,"),
        inputs.get(2));
    String error = inputs.get(4);
    assertTrue(error.contains("\"outcome\":\"FAILED\",\"status\":502"), error);
    assertTrue(error.contains("\"error\":{\"code\":\"connect_failed\",\"status\":502"), error);
    assertEquals(5, inputs.size(), inputs.toString());
  }

  @Test
  void linesOfGuestsStayLines() {
    assertEquals("plain ü", OneLine.of("plain ü"));
    assertEquals("a\\u000ab\\u0000\\u001b[1m\\u2028", OneLine.of("a\nb\0\u001b[1m\u2028"));
  }
}
