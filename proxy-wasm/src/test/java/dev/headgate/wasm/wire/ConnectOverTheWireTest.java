package dev.headgate.wasm.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.Upstream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest decides where tunnels of a real proxy lead. */
class ConnectOverTheWireTest {
  private Upstream upstream;
  private int port;

  @BeforeEach
  void open() throws IOException {
    upstream = new Upstream();
    port = URI.create(upstream.url()).getPort();
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  /** Asks for a tunnel, says what goes through it, and returns all that comes back. */
  private String connect(String answer) throws Exception {
    WasmPlugin plugin = Guests.plugin(Guests.test("answers")).config("on_connect", answer).build();
    ForwardOptions forward =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
            .connectPorts(port)
            .build();
    try (Proxy proxy = Proxy.builder().forward(forward).plugin(plugin).start();
        Socket client = new Socket("127.0.0.1", proxy.uri().getPort())) {
      client.setSoTimeout(20_000);
      String host = "nowhere.invalid:" + port;
      String text =
          "CONNECT "
              + host
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } finally {
      assertEquals(1, plugin.status().calls());
      assertEquals(0, plugin.status().failures().size());
    }
  }

  @Test
  void guestSaysWhereTheTunnelLeads() throws Exception {
    String answer = connect("{\"tunnel\": \"127.0.0.1:" + port + "\"}");
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    assertTrue(answer.endsWith("from upstream"), answer);
  }

  @Test
  void guestRefusesATunnel() throws Exception {
    String answer = connect("{\"error\": {\"status\": 403, \"detail\": \"Not there.\"}}");
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    assertTrue(answer.contains("Not there."), answer);
    assertEquals(0, upstream.waiting());
  }
}
