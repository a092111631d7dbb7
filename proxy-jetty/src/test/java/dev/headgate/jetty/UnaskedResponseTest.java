package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.api.RequestDecision;
import dev.headgate.core.spi.EngineOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A response that nobody has asked for, on a connection that waits for its next request: it must
 * not be taken for the answer to that, of whoever asks (RFC 9112 section 9.2).
 */
class UnaskedResponseTest extends WireTest {
  private static final String UNASKED = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked";

  /** One thread, so that it serves nothing else while it is in a hook. */
  @Override
  EngineOptions options() {
    return super.options().withIoThreads(1);
  }

  private static String request(String method) {
    String length = method.equals("POST") ? "Content-Length: 0\r\n" : "";
    return method + " / HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n";
  }

  /** It comes in the moment in which the connection is taken. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void responseBeforeTheRequest(String method) {
    AtomicReference<Runnable> inHook = new AtomicReference<>(() -> {});
    TestPlugin plugin =
        new TestPlugin(
            ctx -> {
              inHook.get().run();
              return RequestDecision.proceed();
            });
    Wire client = client(proxy(b -> b.plugin(plugin)));
    client.send(request(method));
    Wire first = origin.accept();
    first.readHead();
    first.send(ok("one"));
    assertEquals("one", client.readBody(client.readHead()));

    inHook.set(
        () -> {
          first.send(UNASKED);
          roundTrip(); // behind it, so that it has arrived
        });
    client.send(request(method));
    Wire second = origin.accept();
    second.readHead();
    second.send(ok("two"));
    assertEquals("two", client.readBody(client.readHead()));
    first.awaitEnd();
  }

  private void roundTrip() {
    try (ScriptedOrigin other = new ScriptedOrigin();
        Wire there = Wire.connect(other.port());
        Wire here = other.accept()) {
      here.send("x");
      there.read(1);
    }
  }

  /** It comes while the connection waits. */
  @Test
  void responseOnAnUnusedConnection() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire first = origin.accept();
    first.readHead();
    first.send(ok("one"));
    assertEquals("one", client.readBody(client.readHead()));
    first.send(UNASKED);
    first.awaitEnd();
    client.send(get("/"));
    Wire second = origin.accept();
    second.readHead();
    second.send(ok("two"));
    assertEquals("two", client.readBody(client.readHead()));
  }
}
