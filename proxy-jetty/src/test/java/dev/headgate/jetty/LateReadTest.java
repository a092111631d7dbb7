package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A request's body that is read when its exchange is over tells nothing of the next request. */
class LateReadTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void ofTheNextRequest() throws Exception {
    BlockingQueue<InboundExchange> exchanges = new LinkedBlockingQueue<>();
    InboundHandler handler =
        new InboundHandler() {
          @Override
          public void handle(InboundExchange exchange) {
            exchanges.add(exchange);
          }

          @Override
          public DirectResponse reject(ErrorCode code, String detail) {
            return DirectResponse.status(code.status()).text(detail);
          }
        };
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Engine engine = new JettyBackend().start(EngineOptions.defaults());
    try {
      Listener listener =
          engine.listen(new ListenOptions(any, 8192, 16 << 10, 100, LONG, LONG), handler);
      listener.start();
      try (Wire client = Wire.connect(listener.address().getPort())) {
        BodySource first = exchange(client, exchanges, "first");
        BodySource second = body(client, exchanges, "second");
        String told = trailer(second);
        assertEquals("second", told);

        Content late = first.read();
        assertNotNull(late);
        assertEquals(0, late.size());
        assertNull(first.trailers());
      }
    } finally {
      engine.close();
    }
  }

  /** Makes a whole exchange; returns the request's body. */
  private static BodySource exchange(
      Wire client, BlockingQueue<InboundExchange> exchanges, String name) throws Exception {
    send(client, name);
    InboundExchange exchange = take(exchanges);
    BodySource body = read(exchange);
    assertEquals(name, trailer(body));
    BlockingQueue<Boolean> out = new LinkedBlockingQueue<>();
    HeaderList headers = new HeaderList();
    headers.append("Content-Length", "0");
    exchange.respond(
        200,
        headers,
        null,
        true,
        new Completion() {
          @Override
          public void succeeded() {
            out.add(true);
          }

          @Override
          public void failed(Throwable reason) {
            out.add(false);
          }
        });
    assertEquals(true, out.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS));
    assertEquals(200, client.readHead().status());
    return body;
  }

  /** Sends a request, and reads its body without an answer. */
  private static BodySource body(Wire client, BlockingQueue<InboundExchange> exchanges, String name)
      throws Exception {
    send(client, name);
    return read(take(exchanges));
  }

  private static void send(Wire client, String name) {
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "1\r\nx\r\n0\r\nX-Name: "
            + name
            + "\r\n\r\n");
  }

  private static InboundExchange take(BlockingQueue<InboundExchange> exchanges)
      throws InterruptedException {
    InboundExchange exchange = exchanges.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS);
    assertNotNull(exchange);
    return exchange;
  }

  private static BodySource read(InboundExchange exchange) throws InterruptedException {
    BodySource body = exchange.body();
    assertNotNull(body);
    while (true) {
      Content content = body.read();
      if (content == null) {
        BlockingQueue<Boolean> ready = new LinkedBlockingQueue<>();
        body.demand(() -> ready.add(true));
        assertTrue(ready.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS));
        continue;
      }
      assertNull(content.failure());
      boolean last = content.last();
      content.release();
      if (last) return body;
    }
  }

  private static String trailer(BodySource body) {
    HeaderList trailers = body.trailers();
    assertNotNull(trailers);
    return String.valueOf(trailers.get("X-Name"));
  }
}
