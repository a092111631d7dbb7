package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.config.Timeouts;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of HTTP/2 that begin something and do not end it, and those that say nothing (rule 32).
 */
class Http2DeadlinesTest extends WireTest {
  private static final Duration BRIEF = Duration.ofMillis(500);
  private static final String[] REQUEST = {
    ":method: GET", ":scheme: http", ":authority: localhost", ":path: /"
  };

  private Proxy proxy(Timeouts.Builder timeouts) {
    return proxy(builder -> builder.timeouts(timeouts.build()));
  }

  private Proxy strict() {
    return proxy(Timeouts.builder().requestHead(BRIEF));
  }

  /** Has acknowledged the proxy's settings, so that nothing comes between what a test sends. */
  private Frames h2(Proxy proxy) {
    Frames client = opened(Frames.connect(proxy.port()));
    client.await(Frames.SETTINGS);
    return client;
  }

  private void isServed(Proxy proxy) {
    Frames client = h2(proxy).get(1, "/good");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
  }

  private static Arguments unended(String name, Consumer<Frames> sends) {
    return Arguments.of(name, sends);
  }

  private static byte[] half(byte[] frame) {
    return Arrays.copyOf(frame, frame.length / 2);
  }

  static Stream<Arguments> unended() {
    byte[] head = Frames.block(REQUEST);
    return Stream.of(
        unended("a head without its end", c -> c.send(Frames.HEADERS, Frames.END_STREAM, 1, head)),
        unended(
            "a head whose fragments have no end",
            c ->
                c.send(Frames.HEADERS, Frames.END_STREAM, 1, head)
                    .send(Frames.CONTINUATION, 0, 1, Frames.block("a: b"))),
        unended("a frame's length", c -> c.raw(new byte[] {0, 0})),
        unended("a frame's header", c -> c.raw(Frames.bytes(Frames.DATA, 0, 1, new byte[0]), 8)),
        unended(
            "half a HEADERS frame",
            c -> c.raw(half(Frames.bytes(Frames.HEADERS, Frames.END_HEADERS, 1, head)))),
        unended(
            "half a PING behind a whole one",
            c -> c.ping().raw(Frames.bytes(Frames.PING, 0, 0, new byte[8]), 13)),
        unended("half of an unknown frame", c -> c.raw(Frames.bytes(0x42, 0, 0, new byte[9]), 12)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unended")
  void whatIsNotEndedInTimeEndsTheConnection(String name, Consumer<Frames> sends) {
    Proxy proxy = strict();
    Frames client = h2(proxy);
    sends.accept(client);
    assertEquals(Frames.ENHANCE_YOUR_CALM, client.awaitGoAway());
    isServed(proxy);
  }

  /** Bytes that come all the time do not extend the deadline of a head. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void headThatDribblesIsEnded(boolean inFrames) throws Exception {
    Frames client = h2(strict());
    byte[] field = Frames.block("a: " + "b".repeat(8000));
    if (inFrames) {
      client.send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(REQUEST));
    } else {
      client.raw(Frames.bytes(Frames.HEADERS, Frames.END_HEADERS, 1, field), 9);
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread dribbler =
        new Thread(
            () -> {
              try {
                for (byte b : field) {
                  if (ended.await(20, TimeUnit.MILLISECONDS)) return;
                  if (inFrames) {
                    client.send(Frames.CONTINUATION, 0, 1, new byte[] {b});
                  } else {
                    client.raw(new byte[] {b});
                  }
                }
              } catch (UncheckedIOException | InterruptedException e) {
                // It was ended.
              }
            });
    dribbler.start();
    client.awaitEnd();
    ended.countDown();
    dribbler.join();
  }

  @Test
  void trailersThatAreNotEndedEndTheConnection() {
    Frames client = h2(strict()).post(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block("a: b"));
    upstream.awaitEnd();
    assertEquals(Frames.ENHANCE_YOUR_CALM, client.awaitGoAway());
  }

  @Test
  void streamsOfAConnectionThatIsEndedAreAborted() {
    Proxy proxy = strict();
    Frames client = h2(proxy).get(1, "/waits");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.send(Frames.HEADERS, Frames.END_STREAM, 3, Frames.block(REQUEST));
    upstream.awaitEnd();
    assertEquals(Frames.ENHANCE_YOUR_CALM, client.awaitGoAway());
  }

  @Test
  void prefaceThatIsNotEndedEndsTheConnection() {
    Proxy proxy = strict();
    Wire wire = client(proxy);
    wire.send(Frames.PREFACE.substring(0, 20));
    wire.awaitEnd();
    Wire silent = client(proxy);
    silent.send(Frames.PREFACE);
    silent.awaitEnd();
  }

  /** The deadline is of each head and frame by itself, not of a connection that is never still. */
  @Test
  void framesThatAreCutByReadsAreInTime() throws Exception {
    Frames client = h2(proxy(Timeouts.builder().requestHead(BRIEF.multipliedBy(3))));
    byte[] ping = Frames.bytes(Frames.PING, 0, 0, new byte[8]);
    byte[] across = new byte[ping.length];
    System.arraycopy(ping, 5, across, 0, ping.length - 5);
    System.arraycopy(ping, 0, across, ping.length - 5, 5);
    client.raw(ping, 5);
    long end = System.nanoTime() + BRIEF.multipliedBy(6).toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (System.nanoTime() < end && !never.await(10, TimeUnit.MILLISECONDS)) {
      client.raw(across);
      assertEquals(Frames.ACK, client.await(Frames.PING).flags());
    }
    client.raw(Arrays.copyOfRange(ping, 5, ping.length));
    client.await(Frames.PING);
  }

  /** A body has a pace of its own, whatever the frames that it comes in. */
  @Test
  void dataThatComesSlowlyIsNoHead() {
    Proxy proxy = strict();
    Frames client = h2(proxy).post(1, "/");
    byte[] data =
        Frames.bytes(
            Frames.DATA, Frames.END_STREAM, 1, "0123456789".getBytes(StandardCharsets.US_ASCII));
    client.raw(data, 12);
    Wire upstream = origin.accept();
    Wire.Head head = upstream.readHead();
    // One that begins something else later is ended before.
    Frames other = h2(proxy).raw(new byte[] {0});
    assertEquals(Frames.ENHANCE_YOUR_CALM, other.awaitGoAway());
    client.raw(Arrays.copyOfRange(data, 12, data.length));
    assertEquals("0123456789", upstream.readBody(head));
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
  }

  @Test
  void firstSettingsMayComeInPieces() {
    Proxy proxy = proxy();
    Wire wire = client(proxy);
    wire.send(Frames.PREFACE);
    Frames client = new Frames(wire);
    byte[] settings = Frames.bytes(Frames.SETTINGS, 0, 0, new byte[] {0, 4, 0, 1, 0, 0});
    for (byte b : settings) {
      client.raw(new byte[] {b});
    }
    client.get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "the preface", "pings"})
  void connectionWithoutRequestsIsEndedAfterIdle(String sent) throws Exception {
    Proxy proxy = proxy(Timeouts.builder().keepAlive(BRIEF));
    if (sent.equals("nothing")) {
      client(proxy).awaitEnd();
      return;
    }
    Frames client = h2(proxy);
    CountDownLatch ended = new CountDownLatch(1);
    Thread pings = new Thread(() -> pingUntil(client, ended));
    if (sent.equals("pings")) pings.start();
    int code = client.awaitGoAway();
    ended.countDown();
    pings.join();
    assertTrue(code <= Frames.NO_ERROR, () -> "code " + code);
  }

  private static void pingUntil(Frames client, CountDownLatch ended) {
    try {
      while (!ended.await(20, TimeUnit.MILLISECONDS)) client.ping();
    } catch (UncheckedIOException | InterruptedException e) {
      // It was ended.
    }
  }
}
