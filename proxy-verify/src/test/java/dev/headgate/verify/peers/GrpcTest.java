package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** gRPC in Node at both ends: all kinds of calls, errors, a deadline and a cancellation. */
class GrpcTest {
  @BeforeAll
  static void needsNode() throws Exception {
    NodeModules.prepare();
  }

  @Test
  void allKindsOfCalls() throws Exception {
    try (Peer server = new Peer(NodeModules.command("grpc.mjs", "server"))) {
      String upstream = "http://127.0.0.1:" + server.line();
      Route route =
          Route.builder("/**").target(upstream).protocol(Destination.Protocol.HTTP_2).build();
      try (Proxy proxy = Proxy.builder().route(route).start();
          Peer client =
              new Peer(NodeModules.command("grpc.mjs", "client", "127.0.0.1:" + proxy.port()))) {
        List<String> seen = client.rest();
        assertEquals("", client.errors());
        assertEquals(
            List.of(
                "unary echo of 5 so yes",
                "large echo of 3000000",
                "fail 5 no such thing asked to",
                "client stream collected 1000000",
                "server stream 0 200",
                "chat re: one",
                "chat re: two",
                "chat re: three",
                "chat ended 0",
                "many 100",
                "deadline 4",
                "cancel 1"),
            seen);
        // What the client gave up, the server has heard of.
        List<String> heard = new ArrayList<>();
        while (!heard.contains("cancelled") || !heard.get(heard.size() - 1).startsWith("stream")) {
          heard.add(server.line());
        }
      }
    }
  }
}
