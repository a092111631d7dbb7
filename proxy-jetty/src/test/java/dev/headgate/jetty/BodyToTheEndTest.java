package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.Proxy;
import dev.headgate.core.config.Timeouts;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A body that lasts to the end of its connection, where it is the proxy that ends that. */
class BodyToTheEndTest extends WireTest {
  private static final int ROUNDS = 5;
  private static final int AT_A_TIME = 40;

  @Test
  void endMadeHereIsNoEndOfTheBody() {
    origin.serve(
        wire -> {
          wire.readHead();
          wire.send("HTTP/1.1 200 OK\r\n\r\npart");
          wire.awaitEnd();
        });
    Proxy proxy =
        proxy(b -> b.timeouts(Timeouts.builder().responseIdle(Duration.ofMillis(100)).build()));
    for (int round = 0; round < ROUNDS; round++) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < AT_A_TIME; i++) clients.add(Wire.connect(proxy.port()).send(get("/")));
      for (Wire client : clients) {
        client.readHead();
        StringBuilder seen = new StringBuilder();
        try {
          seen.append(client.readAll());
        } catch (UncheckedIOException e) {
          // A reset, which is an unclean end.
        }
        assertFalse(seen.toString().endsWith("0\r\n\r\n"), seen::toString);
        client.close();
      }
    }
  }
}
