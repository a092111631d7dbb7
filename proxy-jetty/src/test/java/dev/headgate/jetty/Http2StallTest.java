package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteBuilder;
import dev.headgate.core.spi.Destination;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Peers whose connection is there and does nothing: streams can be given up, but not even their
 * resets can be written, or nothing comes any more.
 */
class Http2StallTest extends WireTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int LARGE = 1 << 30;
  private static final int PIECE = 16 * 1024;
  private static final Duration SHORT = Duration.ofMillis(500);

  /** So that little fits into the kernel. */
  @Override
  int socketBufferBytes() {
    return 8 * 1024;
  }

  private Proxy proxy(Timeouts timeouts) {
    return proxy(b -> b.timeouts(timeouts).route(http2("/x/**").build()));
  }

  private RouteBuilder http2(String path) {
    return Route.builder(path).target(origin.uri()).protocol(Destination.Protocol.HTTP_2);
  }

  private Frames h2(Proxy proxy, int... settings) {
    return opened(Frames.connect(proxy.port(), settings));
  }

  /** A client that reads nothing holds its connection no longer than one that asks nothing. */
  @Test
  void clientThatTakesNothingIsCutOff() {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    origin.serve(
        wire -> {
          wire.readHead();
          wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          while (true) wire.send(chunk);
        });
    // Long enough for the first request to be sent on a slow machine.
    Duration unused = Duration.ofSeconds(4);
    Proxy proxy = proxy(Timeouts.builder().clientIdle(SHORT).keepAlive(unused).build());
    Frames client = h2(proxy, INITIAL_WINDOW_SIZE, LARGE).window(0, LARGE).get(1, "/");
    // It goes on to say what needs no answer, until it can't any more.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Wire.CEILING_MILLIS);
    boolean open = true;
    while (open) {
      assertTrue(end - System.nanoTime() > 0, "the connection is still open");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      try {
        client.send(Frames.PRIORITY, 0, 3, new byte[5]);
      } catch (UncheckedIOException e) {
        open = false;
      }
    }
  }

  @Test
  void upstreamThatTakesNothingGetsNoFurtherCalls() {
    Proxy proxy = proxy(Timeouts.builder().sendIdle(SHORT).firstByte(SHORT).build());
    Frames client = h2(proxy);
    client.await(Frames.SETTINGS);
    client.post(1, "/x/");
    Frames at = Frames.accept(origin.accept(), INITIAL_WINDOW_SIZE, LARGE).window(0, LARGE);
    at.await(Frames.HEADERS);
    // Sends as long as it may; then there is the answer.
    int window = 256 * 1024;
    Frames.Frame frame = null;
    while (frame == null || frame.type() != Frames.HEADERS) {
      while (window >= PIECE) {
        client.data(1, false, new byte[PIECE]);
        window -= PIECE;
      }
      frame = client.next();
      boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
      if (more) window += ByteBuffer.wrap(frame.payload()).getInt();
    }
    assertEquals(504, frame.status());
    origin.serve(
        wire -> {
          Frames other = Frames.accept(wire);
          while (true) other.head(other.await(Frames.HEADERS).stream(), true, ":status: 204");
        });
    // Calls may time out until it is seen that the reset of the first can't be written.
    Frames others = h2(proxy);
    int stream = 1;
    int status = 504;
    while (status == 504) {
      others.get(stream, "/x/");
      status = others.of(stream).status();
      if (status == 504) others.body(stream);
      stream += 2;
    }
    assertEquals(204, status);
    at.awaitEnd();
  }

  @Test
  void upstreamThatIsSilentGetsNoFurtherCalls() {
    Timeouts strict = Timeouts.builder().firstByte(SHORT).build();
    Route silent = http2("/x/silent").timeouts(strict).build();
    Proxy proxy = proxy(b -> b.route(http2("/x/**").build()).route(silent));
    Frames client = h2(proxy).get(1, "/x/");
    Frames at = Frames.accept(origin.accept());
    at.head(at.await(Frames.HEADERS).stream(), true, ":status: 204");
    assertEquals(204, client.of(1).status());
    client.get(3, "/x/silent");
    assertEquals(3, at.await(Frames.HEADERS).stream());
    assertEquals(504, client.of(3).status());
    client.get(5, "/x/");
    Frames second = Frames.accept(origin.accept());
    second.head(second.await(Frames.HEADERS).stream(), true, ":status: 204");
    assertEquals(204, client.of(5).status());
    // The first one is closed as soon as nobody needs it.
    at.awaitEnd();
  }

  /** Others that are answered meanwhile show that the upstream is well. */
  @Test
  void upstreamThatIsSlowWithOneCallKeepsItsConnection() {
    Frames client = h2(proxy(Timeouts.builder().firstByte(Duration.ofSeconds(3)).build()));
    client.get(1, "/x/");
    Frames at = Frames.accept(origin.accept());
    assertEquals(1, at.await(Frames.HEADERS).stream());
    // Pings come all the time, until the call has been given up.
    Frames.Frame frame = at.ping().next();
    while (frame.type() != Frames.RST_STREAM) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      frame = at.ping().next();
    }
    assertEquals(504, client.of(1).status());
    client.get(3, "/x/");
    at.head(at.await(Frames.HEADERS).stream(), true, ":status: 204");
    assertEquals(204, client.of(3).status());
  }
}
