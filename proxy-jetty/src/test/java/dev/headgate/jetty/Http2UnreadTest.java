package dev.headgate.jetty;

import static dev.headgate.api.RequestDecision.respond;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * Peers of HTTP/2 that make work and read nothing of what comes of it (RFC 9113 section 10.5): what
 * waits for them must not grow without bound, however slowly it comes.
 */
class Http2UnreadTest extends Http2WireTest {
  private static final int SOCKET_BUFFER = 16 * 1024;
  private static final int LARGE = 1 << 20;

  @Override
  int socketBufferBytes() {
    return SOCKET_BUFFER;
  }

  /** A proxy that answers at once, and a client that has an exchange under way. */
  private Frames client() {
    Proxy proxy =
        proxy(
            b ->
                b.route("/at-once", ctx -> respond(DirectResponse.status(200).text("fine")))
                    .route("/large", ctx -> respond(DirectResponse.status(200).bytes(large()))));
    int[] settings = {INITIAL_WINDOW_SIZE, LARGE};
    Frames client =
        opened(Frames.begin(Wire.connect(proxy.port(), SOCKET_BUFFER), settings)).window(0, LARGE);
    client.get(1, "/");
    origin.accept().readHead();
    return client;
  }

  private static ByteBuffer large() {
    return ByteBuffer.allocate(LARGE);
  }

  private static void assertEnds(IntConsumer round) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Wire.CEILING_MILLIS);
    try {
      for (int i = 0; System.nanoTime() < deadline; i++) round.accept(i);
    } catch (UncheckedIOException e) {
      return; // it ended it
    }
    throw new AssertionError("still open");
  }

  /** Each answer gives leave for further events, so that no rate is ever too high. */
  @Test
  void pongsThatNobodyReadsEndTheConnection() {
    Frames client = client();
    assertEnds(i -> client.get(3 + 2 * i, "/at-once").reset(3 + 2 * i, Frames.CANCEL).ping());
  }

  @Test
  void acknowledgementsThatNobodyReadsEndTheConnection() {
    Frames client = client();
    assertEnds(i -> client.get(3 + 2 * i, "/at-once").reset(3 + 2 * i, Frames.CANCEL).settings());
  }

  /** Windows are opened when something is written, so that they wait as well. */
  @Test
  void windowsThatNothingIsSentIntoEndTheConnection() {
    Frames client = client();
    client.get(3, "/large"); // more than the sockets hold
    byte[] windows = windows(1000);
    assertEnds(i -> client.raw(windows));
  }

  private static byte[] windows(int count) {
    byte[] delta = ByteBuffer.allocate(4).putInt(1).array();
    byte[] one = Frames.bytes(Frames.WINDOW_UPDATE, 0, 0, delta);
    ByteBuffer all = ByteBuffer.allocate(count * one.length);
    for (int i = 0; i < count; i++) all.put(one);
    return all.array();
  }

  /** One that floods without reading can't be told, and is not waited for either. */
  @Test
  void floodOfPingsThatNobodyReadsEndsTheConnection() {
    Frames client = client();
    assertEnds(i -> client.ping());
  }

  @Test
  void upstreamThatReadsNothingLosesItsConnection() throws Exception {
    Wire caller = opened(Wire.connect(h2Proxy().port()));
    caller.send("POST /x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE + "\r\n\r\n");
    Frames upstream = upstream(INITIAL_WINDOW_SIZE, LARGE).window(0, LARGE);
    upstream.of(1);
    CompletableFuture<Void> body =
        CompletableFuture.runAsync(
            () -> {
              try {
                caller.send(new byte[LARGE]);
              } catch (UncheckedIOException e) {
                // It is not wanted any more.
              }
            });
    byte[] windows = windows(1000);
    assertEnds(i -> upstream.raw(windows));
    caller.close();
    body.get();
  }
}
