package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the states of streams and the definitions of frames do not allow (RFC 9113 sections 3.4, 5,
 * 6 and 8), where {@link Http2FramesTest} does not have it. The same of upstreams is in {@link
 * Http2UpstreamStatesTest}.
 */
class Http2StatesTest extends Http2WireTest {
  private static final int WITH_PRIORITY = 0x20;

  private static Arguments sends(String name, int code, Consumer<Frames> sends) {
    return Arguments.of(name, code, sends);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  // --- errors of the connection

  static Stream<Arguments> connectionErrors() {
    byte[] head = Frames.block(REQUEST);
    return Stream.of(
        sends(
            "5.1 HEADERS on a closed stream",
            Frames.STREAM_CLOSED,
            c -> {
              isServed(c, 1);
              c.get(1, "/");
            }),
        sends(
            "5.5 an unknown frame inside a head",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.HEADERS, 0, 1, head).send(0x42, 0, 1, new byte[1])),
        // Jetty takes the codes of these two for each other; the connection ends all the same.
        sends(
            "6.1 DATA with more padding than payload",
            Frames.FRAME_SIZE_ERROR,
            c -> c.post(1, "/").send(Frames.DATA, Frames.PADDED, 1, new byte[] {9, 1, 2})),
        sends(
            "6.1 DATA without the length of its padding",
            Frames.PROTOCOL_ERROR,
            c -> c.post(1, "/").send(Frames.DATA, Frames.PADDED, 1, new byte[0])),
        sends(
            "6.2 HEADERS with more padding than payload",
            Frames.PROTOCOL_ERROR,
            c ->
                c.send(
                    Frames.HEADERS,
                    Frames.END_HEADERS | Frames.PADDED,
                    1,
                    concat(new byte[] {(byte) 0xff}, head))),
        sends(
            "6.2 HEADERS too short for their priority",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.HEADERS, Frames.END_HEADERS | WITH_PRIORITY, 1, new byte[4])),
        sends(
            "6.3 PRIORITY on the connection",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.PRIORITY, 0, 0, new byte[5])),
        sends(
            "6.4 RST_STREAM on the connection",
            Frames.PROTOCOL_ERROR,
            c -> c.reset(0, Frames.CANCEL)),
        sends(
            "6.5.2 a frame size above the maximum",
            Frames.PROTOCOL_ERROR,
            c -> c.settings(MAX_FRAME_SIZE, 1 << 24)),
        sends(
            "6.7 PING of 9 bytes",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.PING, 0, 0, new byte[9])),
        sends(
            "6.8 GOAWAY of 7 bytes",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.GOAWAY, 0, 0, new byte[7])),
        sends(
            "6.10 CONTINUATION on another stream",
            Frames.PROTOCOL_ERROR,
            c ->
                c.send(Frames.HEADERS, 0, 1, head)
                    .send(Frames.CONTINUATION, Frames.END_HEADERS, 3, new byte[0])),
        sends(
            "6.10 CONTINUATION with a payload on another stream",
            Frames.PROTOCOL_ERROR,
            c ->
                c.send(Frames.HEADERS, 0, 1, head)
                    .send(Frames.CONTINUATION, Frames.END_HEADERS, 3, Frames.block("a: b"))),
        sends(
            "6.10 CONTINUATION on the connection",
            Frames.PROTOCOL_ERROR,
            c ->
                c.send(Frames.HEADERS, 0, 1, head)
                    .send(Frames.CONTINUATION, Frames.END_HEADERS, 0, new byte[0])),
        sends(
            "6.10 CONTINUATION behind a whole head",
            Frames.PROTOCOL_ERROR,
            c -> c.post(1, "/").send(Frames.CONTINUATION, Frames.END_HEADERS, 1, new byte[0])),
        sends(
            "6.10 HEADERS inside a head",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.HEADERS, 0, 1, head).get(3, "/")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("connectionErrors")
  void connectionError(String name, int code, Consumer<Frames> sends) {
    originAnswers();
    Proxy proxy = proxy();
    Frames client = h2(proxy);
    sends.accept(client);
    assertEquals(code, client.awaitGoAway());
    isServed(h2(proxy), 1);
  }

  @Test
  @DisplayName("6.9.2 a first window that overflows a stream's")
  void windowOfAClientThatOverflows() {
    Frames client = h2(proxy()).post(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.window(1, 1000).ping().await(Frames.PING); // else the update may be on its way
    client.settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
    assertEquals(Frames.FLOW_CONTROL_ERROR, client.awaitGoAway());
    upstream.awaitEnd();
  }

  /**
   * Values have no sign (RFC 9113 section 6.5.1); the largest is as good as none, and so is a list
   * of fields that no message fits in.
   */
  @ParameterizedTest(name = "6.5.2 setting {0} is {1}")
  @CsvSource({"1, -1", "1, -2147483648", "6, -1", "6, -2147483648", "6, 0", "6, 41", "3, -1"})
  void extremeSettingsOfBothSides(int key, int value) {
    Proxy proxy =
        proxy(
            b ->
                b.route(
                    Route.builder("/x/**")
                        .target(origin.uri())
                        .protocol(Destination.Protocol.HTTP_2)
                        .build()));
    byte[] frame = Frames.bytes(Frames.SETTINGS, 0, 0, entry(key, value));
    Frames client = new Frames(Wire.connect(proxy.port()));
    opened(client).raw(Frames.PREFACE.getBytes(StandardCharsets.US_ASCII));
    for (byte piece : frame) client.raw(new byte[] {piece});
    client.get(1, "/x/");
    Frames at = Frames.accept(origin.accept(), key, value);
    for (int i = 0; i < 3; i++) {
      int id = 1 + 2 * i;
      if (i > 0) client.get(id, "/x/");
      Frames.Frame head = at.await(Frames.HEADERS);
      assertEquals("/x/", head.get(":path"));
      at.ping().await(Frames.PING); // by now its settings are in force
      at.head(id, false, ":status: 200", "a: b").data(id, true, "fine");
      assertEquals("b", client.of(id).get("a"));
      assertEquals("fine", client.body(id));
    }
  }

  /** RFC 7541 section 4.2: the smallest size that there was must be told. */
  @Test
  @DisplayName("6.5.2 a table that is made small, and large again")
  void tableThatIsMadeSmallAndLargeAgain() {
    Proxy proxy =
        proxy(
            b ->
                b.route(
                    Route.builder("/x/**")
                        .target(origin.uri())
                        .protocol(Destination.Protocol.HTTP_2)
                        .build()));
    Frames client = h2(proxy).get(1, "/x/");
    Frames at = Frames.accept(origin.accept());
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200", "a: b").data(1, true, "fine");
    client.of(1);
    client.body(1);
    for (Frames peer : new Frames[] {client, at}) {
      peer.settings(1, 0).settings(1, 4096).ping().await(Frames.PING);
    }
    client.get(3, "/x/");
    Frames.Frame request = at.await(Frames.HEADERS);
    assertEquals(0x20, request.payload()[0], "a size of 0");
    at.head(3, false, ":status: 200", "a: b").data(3, true, "fine");
    Frames.Frame response = client.of(3);
    assertEquals(0x20, response.payload()[0], "a size of 0");
    assertEquals("b", response.get("a"));
    assertEquals("fine", client.body(3));
  }

  private static byte[] entry(int key, int value) {
    return ByteBuffer.allocate(6).putShort((short) key).putInt(value).array();
  }

  @Test
  @DisplayName("3.4 the first frame is no SETTINGS")
  void firstFrameIsNoSettings() {
    Wire wire = client(proxy());
    wire.send(Frames.PREFACE);
    assertEquals(Frames.PROTOCOL_ERROR, new Frames(wire).ping().awaitGoAway());
  }

  // --- errors of a stream

  static Stream<Arguments> streamErrors() {
    return Stream.of(
        sends(
            "5.1 DATA behind the end of a stream",
            Frames.STREAM_CLOSED,
            c -> c.get(1, "/waits").data(1, true, "x")),
        sends(
            "5.1 HEADERS behind the end of a stream",
            Frames.STREAM_CLOSED,
            c -> c.get(1, "/waits").head(1, true, "a: b")),
        sends(
            "6.3 PRIORITY of 4 bytes",
            Frames.FRAME_SIZE_ERROR,
            c -> c.post(1, "/waits").send(Frames.PRIORITY, 0, 1, new byte[4])));
  }

  /** RFC 9113 section 5.4.2 lets either be the end of the connection instead. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("streamErrors")
  void streamError(String name, int code, Consumer<Frames> sends) {
    Proxy proxy = proxy();
    Frames client = h2(proxy);
    sends.accept(client);
    Frames.Frame frame = client.next();
    while (frame.type() != Frames.RST_STREAM && frame.type() != Frames.GOAWAY)
      frame = client.next();
    assertEquals(code, frame.code());
  }

  private static Arguments malformed(String name, String... fields) {
    Consumer<Frames> sends = c -> c.head(1, true, fields);
    return Arguments.of(name, sends);
  }

  static Stream<Arguments> malformedRequests() {
    String[] r = REQUEST;
    return Stream.of(
        malformed("8.2.1 a name with a blank", r[0], r[1], r[2], r[3], "a b: c"),
        malformed("8.2.1 a name with a colon", r[0], r[1], r[2], r[3], "a:b: c"),
        malformed("8.2.1 a name beyond ASCII", r[0], r[1], r[2], r[3], "\u00e4: c"),
        malformed("8.2.1 a name with DEL", r[0], r[1], r[2], r[3], "a\u007f: c"),
        malformed("8.2.1 a value that begins with a blank", r[0], r[1], r[2], r[3], "a:  c"),
        malformed("8.2.1 a value that ends with a tab", r[0], r[1], r[2], r[3], "a: c\t"),
        malformed("8.2.1 a bare CR in a value", r[0], r[1], r[2], r[3], "a: b\rc"),
        malformed("8.2.1 a name with a blank in front", "a b: c", r[0], r[1], r[2], r[3]),
        malformed("8.3.1 userinfo in :authority", r[0], r[1], ":authority: a@localhost", r[3]),
        malformed("8.3.1 userinfo first of all", ":authority: a:b@localhost", r[0], r[1], r[3]),
        malformed("8.3.1 port 0 in :authority", r[0], r[1], ":authority: localhost:0", r[3]),
        malformed("8.3.1 a blank in :authority", r[0], r[1], ":authority: local host", r[3]),
        malformed("8.3.1 :authority at the end", r[0], r[1], r[3], ":authority: a@localhost"),
        malformed("8.1.1 a length that is no number", r[0], r[1], r[2], r[3], "content-length: x"),
        malformed("8.1.1 a length of nothing", r[0], r[1], r[2], r[3], "content-length: "),
        malformed("8.3 two :authority", r[0], r[1], r[2], r[2], r[3]),
        malformed("8.3 two :scheme", r[0], r[1], r[1], r[2], r[3]),
        malformed("8.5 CONNECT with :path", ":method: CONNECT", r[2], r[3]),
        malformed("8.5 CONNECT with :scheme", ":method: CONNECT", r[1], r[2]),
        malformed("8.5 CONNECT without :authority", ":method: CONNECT"));
  }

  /** A stream error or 400 (RFC 9113 section 8.1.1), and the connection lives. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("malformedRequests")
  void malformedRequest(String name, Consumer<Frames> sends) {
    originAnswers();
    Proxy proxy = proxy();
    Frames client = h2(proxy);
    sends.accept(client);
    Frames.Frame frame = client.of(1);
    if (frame.type() == Frames.RST_STREAM) {
      assertEquals(Frames.PROTOCOL_ERROR, frame.code());
    } else {
      assertEquals(400, frame.status());
      client.body(1);
    }
    isServed(client, 3);
  }

  // --- what is allowed

  static Stream<Arguments> legal() {
    byte[] head = Frames.block(REQUEST);
    return Stream.of(
        sends("5.1 PRIORITY on an idle stream", 1, c -> c.send(Frames.PRIORITY, 0, 7, new byte[5])),
        sends(
            "5.1 PRIORITY, WINDOW_UPDATE and RST_STREAM on a closed stream",
            3,
            c -> {
              isServed(c, 1);
              c.send(Frames.PRIORITY, 0, 1, new byte[5]).window(1, 10).reset(1, Frames.CANCEL);
            }),
        sends(
            "5.1 DATA that was under way to a stream that was reset",
            3,
            c -> {
              c.head(1, false, REQUEST[0], REQUEST[1], REQUEST[2], REQUEST[3], "a: b\0");
              c.data(1, true, "late");
              assertEquals(Frames.RST_STREAM, c.of(1).type());
            }),
        sends(
            "6.2 HEADERS with padding and priority",
            3,
            c -> {
              byte[] padded = concat(new byte[] {2, 0, 0, 0, 0, 15}, concat(head, new byte[2]));
              int flags = Frames.END_HEADERS | Frames.END_STREAM | Frames.PADDED | WITH_PRIORITY;
              c.send(Frames.HEADERS, flags, 1, padded);
              assertEquals(200, c.of(1).status());
              c.body(1);
            }),
        sends(
            "6.5 many settings in the course of time",
            1,
            c -> {
              for (int i = 0; i < 100; i++) c.settings(INITIAL_WINDOW_SIZE, 70_000 + i);
            }),
        sends("6.7 an answer to no PING", 1, c -> c.send(Frames.PING, Frames.ACK, 0, new byte[8])),
        sends(
            "4.1 flags and bits without a meaning",
            1,
            c -> c.send(Frames.PING, 0xfe, 0, new byte[8])),
        sends(
            "8.1 an end of the stream in an empty frame",
            3,
            c -> {
              c.post(1, "/", "content-length: 1").data(1, false, "x").data(1, true, "");
              assertEquals(200, c.of(1).status());
              c.body(1);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legal")
  void legalIsServed(String name, int next, Consumer<Frames> sends) {
    originAnswers();
    Frames client = h2(proxy());
    sends.accept(client);
    isServed(client, next);
  }

  @Test
  @DisplayName("6.5.3 SETTINGS are acknowledged, 6.7 a PING comes back with what it carried")
  void settingsAndPingsAreAnswered() {
    Frames client = h2(proxy());
    byte[] carried = "12345678".getBytes(StandardCharsets.US_ASCII);
    Frames.Frame frame = client.await(Frames.SETTINGS);
    if (frame.flags() != Frames.ACK) frame = client.await(Frames.SETTINGS);
    assertEquals(Frames.ACK, frame.flags());
    client.send(Frames.PING, 0, 0, carried);
    Frames.Frame answer = client.await(Frames.PING);
    assertEquals(Frames.ACK, answer.flags());
    assertArrayEquals(carried, answer.payload());
  }

  @Test
  @DisplayName("6.8 a client's GOAWAY lets its streams end")
  void clientsGoAwayLetsItsStreamsEnd() {
    Frames client = h2(proxy()).get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.goAway(0, Frames.NO_ERROR);
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
    client.awaitEnd();
  }

  @Test
  @DisplayName("6.9.1 padding counts in the window, and is given back")
  void paddingIsGivenBack() {
    Frames client = h2(proxy());
    client.await(Frames.SETTINGS);
    client.post(1, "/");
    byte[] padded = new byte[1 + 1 + 255];
    padded[0] = (byte) 255;
    padded[1] = 'x';
    int pieces = 2000; // twice the window
    Thread sender =
        new Thread(
            () -> {
              int window = 256 * 1024;
              for (int i = 0; i < pieces; i++) {
                while (window < padded.length) {
                  Frames.Frame frame = client.next();
                  boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
                  if (more) window += ByteBuffer.wrap(frame.payload()).getInt();
                }
                client.send(Frames.DATA, Frames.PADDED, 1, padded);
                window -= padded.length;
              }
              client.data(1, true, "");
            });
    sender.start();
    Wire upstream = origin.accept();
    assertEquals("x".repeat(pieces), upstream.readBody(upstream.readHead()));
  }

  @Test
  @DisplayName("6.9.2 a window that is made smaller may become negative")
  void windowMayBecomeNegative() {
    Frames client = opened(Frames.connect(proxy().port(), INITIAL_WINDOW_SIZE, 10)).get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("0123456789abcdef"));
    assertEquals(200, client.of(1).status());
    assertEquals("0123456789", client.of(1).text());
    client.settings(INITIAL_WINDOW_SIZE, 4); // now 6 are missing
    client.window(1, 8);
    assertEquals("ab", client.of(1).text());
    client.window(1, 100);
    assertEquals("cdef", client.body(1));
  }
}
