package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of HTTP/2 may get wrong (RFC 9113 sections 4 to 8), and how it is told. */
class Http2FramesTest extends Http2WireTest {
  private static Arguments connection(String name, int code, Consumer<Frames> sends) {
    return Arguments.of(name, code, sends);
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4);
    for (int value : values) bytes.putInt(value);
    return bytes.array();
  }

  static Stream<Arguments> connectionErrors() {
    return Stream.of(
        connection(
            "DATA on the connection (6.1)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.DATA, 0, 0, new byte[4])),
        connection(
            "DATA on an idle stream (5.1)", Frames.PROTOCOL_ERROR, c -> c.data(5, true, "x")),
        connection(
            "HEADERS on the connection (6.2)",
            Frames.PROTOCOL_ERROR,
            c -> c.head(0, true, REQUEST)),
        connection("an even stream (5.1.1)", Frames.PROTOCOL_ERROR, c -> c.head(2, true, REQUEST)),
        connection(
            "a stream below the last (5.1.1)",
            Frames.STREAM_CLOSED,
            c -> c.get(5, "/").get(3, "/")),
        connection(
            "a frame over the limit (4.2)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.post(1, "/").send(Frames.DATA, 0, 1, new byte[16_385])),
        connection("RST_STREAM on an idle stream (6.4)", Frames.PROTOCOL_ERROR, c -> c.reset(1, 8)),
        connection(
            "RST_STREAM of 3 bytes (6.4)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.get(1, "/").send(Frames.RST_STREAM, 0, 1, new byte[3])),
        connection(
            "SETTINGS of 5 bytes (6.5)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.SETTINGS, 0, 0, new byte[5])),
        connection(
            "SETTINGS that acknowledge and say something (6.5)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.SETTINGS, Frames.ACK, 0, new byte[6])),
        connection(
            "SETTINGS on a stream (6.5)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.SETTINGS, 0, 1, new byte[0])),
        connection(
            "a window over the maximum (6.5.2)",
            Frames.FLOW_CONTROL_ERROR,
            c -> c.settings(INITIAL_WINDOW_SIZE, Integer.MIN_VALUE)),
        connection(
            "a frame size below the minimum (6.5.2)",
            Frames.PROTOCOL_ERROR,
            c -> c.settings(MAX_FRAME_SIZE, 100)),
        connection(
            "ENABLE_PUSH of 2 (6.5.2)", Frames.PROTOCOL_ERROR, c -> c.settings(ENABLE_PUSH, 2)),
        connection(
            "PUSH_PROMISE of a client (8.4)",
            Frames.PROTOCOL_ERROR,
            c ->
                c.post(1, "/")
                    .send(Frames.PUSH_PROMISE, Frames.END_HEADERS, 1, new byte[] {0, 0, 0, 2})),
        connection(
            "PING of 4 bytes (6.7)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.PING, 0, 0, new byte[4])),
        connection(
            "PING on a stream (6.7)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.PING, 0, 1, new byte[8])),
        connection(
            "GOAWAY on a stream (6.8)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.GOAWAY, 0, 1, new byte[8])),
        connection(
            "WINDOW_UPDATE of 0 for the connection (6.9)",
            Frames.PROTOCOL_ERROR,
            c -> c.window(0, 0)),
        connection(
            "a connection's window that overflows (6.9.1)",
            Frames.FLOW_CONTROL_ERROR,
            c -> c.window(0, Integer.MAX_VALUE)),
        connection(
            "WINDOW_UPDATE on an idle stream (5.1)", Frames.PROTOCOL_ERROR, c -> c.window(1, 10)),
        connection(
            "WINDOW_UPDATE of 3 bytes (6.9)",
            Frames.FRAME_SIZE_ERROR,
            c -> c.send(Frames.WINDOW_UPDATE, 0, 0, new byte[3])),
        connection(
            "CONTINUATION of nothing (6.10)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.CONTINUATION, Frames.END_HEADERS, 1, new byte[0])),
        connection(
            "another frame inside a head (6.10)",
            Frames.PROTOCOL_ERROR,
            c -> c.send(Frames.HEADERS, 0, 1, Frames.block(REQUEST)).ping()),
        connection(
            "a head that can't be decoded (4.3)",
            Frames.COMPRESSION_ERROR,
            c ->
                c.send(
                    Frames.HEADERS,
                    Frames.END_HEADERS | Frames.END_STREAM,
                    1,
                    new byte[] {0x3f, (byte) 0xff, (byte) 0xff, 0x7f})));
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

  private static Arguments stream(String name, Consumer<Frames> sends) {
    return Arguments.of(name, sends);
  }

  private static Arguments head(String name, String... fields) {
    return stream(name, c -> c.head(1, true, fields));
  }

  static Stream<Arguments> malformedRequests() {
    String[] r = REQUEST;
    return Stream.of(
        head("a name in upper case", r[0], r[1], r[2], r[3], "X-A: b"),
        head("Connection", r[0], r[1], r[2], r[3], "connection: close"),
        head("Connection: te", r[0], r[1], r[2], r[3], "connection: te"),
        head("Transfer-Encoding", r[0], r[1], r[2], r[3], "transfer-encoding: chunked"),
        head("Upgrade", r[0], r[1], r[2], r[3], "upgrade: websocket"),
        head("Keep-Alive", r[0], r[1], r[2], r[3], "keep-alive: 5"),
        head("Proxy-Connection", r[0], r[1], r[2], r[3], "proxy-connection: close"),
        head("TE that is not trailers", r[0], r[1], r[2], r[3], "te: gzip"),
        head("no :method", r[1], r[2], r[3]),
        head("no :scheme", r[0], r[2], r[3]),
        head("no :path", r[0], r[1], r[2]),
        head("an empty :path", r[0], r[1], r[2], ":path: "),
        head("two :method", r[0], r[0], r[1], r[2], r[3]),
        head("two :path", r[0], r[1], r[2], r[3], r[3]),
        head("a pseudo field behind others", r[0], r[1], r[2], "a: b", r[3]),
        head("an unknown pseudo field", r[0], r[1], r[2], r[3], ":a: b"),
        head("a response's pseudo field", r[0], r[1], r[2], r[3], ":status: 200"),
        head(":protocol without :path", ":method: CONNECT", r[1], r[2], ":protocol: websocket"),
        head("a line end in a value", r[0], r[1], r[2], r[3], "a: b\r\nc: d"),
        head("NUL in a value", r[0], r[1], r[2], r[3], "a: b\0"),
        head("a method that is no token", ":method: G ET", r[1], r[2], r[3]),
        head("a Host that is another", r[0], r[1], r[2], r[3], "host: other"),
        head("a length without a body", r[0], r[1], r[2], r[3], "content-length: 4"),
        head("two lengths", r[0], r[1], r[2], r[3], "content-length: 0", "content-length: 1"),
        stream(
            "less than its length", c -> c.post(1, "/", "content-length: 5").data(1, true, "1234")),
        stream(
            "more than its length",
            c -> c.post(1, "/", "content-length: 5").data(1, true, "123456")),
        stream(
            "less than its length, with trailers",
            c -> c.post(1, "/", "content-length: 5").data(1, false, "1234").head(1, true, "a: b")),
        stream(
            "trailers that do not end",
            c -> c.post(1, "/").data(1, false, "1234").head(1, false, "a: b")),
        stream(
            "trailers with a pseudo field",
            c -> c.post(1, "/").data(1, false, "1234").head(1, true, ":path: /")),
        stream(
            "trailers with a field of a connection",
            c -> c.post(1, "/").data(1, false, "1234").head(1, true, "connection: close")),
        stream(
            "trailers with a name in upper case",
            c -> c.post(1, "/").data(1, false, "1234").head(1, true, "X: y")),
        stream("WINDOW_UPDATE of 0", c -> c.post(1, "/").window(1, 0)));
  }

  /** A stream error, and the upstream sees no whole request of it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("malformedRequests")
  void malformedRequest(String name, Consumer<Frames> sends) {
    originAnswers();
    Proxy proxy = proxy();
    Frames client = h2(proxy);
    sends.accept(client);
    Frames.Frame frame = client.of(1);
    while (frame.type() != Frames.RST_STREAM) frame = client.of(1);
    assertEquals(Frames.PROTOCOL_ERROR, frame.code());
    isServed(client, 3);
  }

  @Test
  void streamWindowThatOverflowsIsAStreamError() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy).post(1, "/").window(1, Integer.MAX_VALUE);
    assertEquals(Frames.FLOW_CONTROL_ERROR, client.await(Frames.RST_STREAM).code());
    isServed(client, 3);
  }

  @Test
  void dataBeyondTheWindowEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).post(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    try {
      for (int i = 0; i < 4000; i++) client.data(1, false, new byte[16_384]);
    } catch (java.io.UncheckedIOException e) {
      // It ended it.
    }
    client.awaitEnd();
    upstream.awaitEnd();
  }

  @Test
  void unknownFramesAndSettingsAreIgnored() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy).send(0x42, 0xff, 0, new byte[7]).settings(0x4242, 7);
    client.send(Frames.PRIORITY, 0, 1, ints(0, 0x10000000).length == 8 ? new byte[5] : null);
    isServed(client, 3);
  }

  @Test
  void paddingIsTakenOff() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).post(1, "/");
    byte[] padded = "\003abc\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    client.send(Frames.DATA, Frames.PADDED | Frames.END_STREAM, 1, padded);
    Wire upstream = origin.accept();
    assertEquals("abc", upstream.readBody(upstream.readHead()));
    upstream.send(ok("x"));
    assertEquals(200, client.of(1).status());
    assertEquals("x", client.body(1));
  }

  @Test
  void headInManyFragmentsIsRead() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy);
    byte[] block = Frames.block(REQUEST);
    client.send(Frames.HEADERS, Frames.END_STREAM, 1, new byte[0]);
    for (int i = 0; i < block.length; i++) {
      int flags = i == block.length - 1 ? Frames.END_HEADERS : 0;
      client.send(Frames.CONTINUATION, flags, 1, new byte[] {block[i]});
    }
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
  }

  @Test
  void prefaceInPiecesIsRead() {
    Proxy proxy = proxy();
    originAnswers();
    Wire wire = client(proxy);
    for (char c : Frames.PREFACE.toCharArray()) wire.send(String.valueOf(c));
    Frames client = new Frames(wire).settings();
    isServed(client, 1);
  }

  @Test
  void brokenPrefaceEndsTheConnection() {
    Proxy proxy = proxy();
    Wire wire = client(proxy);
    wire.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
    wire.awaitEnd();
  }

  @Test
  void prefaceAfterARequestIsRefused() {
    Proxy proxy = proxy();
    originAnswers();
    Wire wire = client(proxy);
    wire.send(get("/"));
    assertEquals("fine", wire.readBody(wire.readHead()));
    wire.send(Frames.PREFACE);
    assertEquals(505, wire.readHead().status());
    wire.awaitEnd();
  }

  // --- limits (rule 31, RFC 9113 section 10.5)

  @Test
  void fieldsOverTheLimitAre431AndTheConnectionLives() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy);
    String[] r = REQUEST;
    String large = "x".repeat(15_000);
    client.send(
        Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(r[0], r[1], r[2], r[3], "a: " + large));
    client.send(Frames.CONTINUATION, Frames.END_HEADERS, 1, Frames.block("b: " + large));
    Frames.Frame head = client.of(1);
    assertEquals(431, head.status());
    assertEquals("application/problem+json", head.get("content-type"));
    assertTrue(client.body(1).contains("16384"));
    isServed(client, 3);
  }

  @Test
  void targetOverTheLimitIs414() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy).get(1, "/" + "x".repeat(9000));
    assertEquals(414, client.of(1).status());
    client.body(1);
    isServed(client, 3);
  }

  @Test
  void fragmentInTheTargetIs400() {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy).get(1, "/a#b");
    assertEquals(400, client.of(1).status());
    client.body(1);
    isServed(client, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..", "/a/../../b", "/%zz", "/a%", "/%00", "x"})
  void targetThatIsNoneIs400(String target) {
    Proxy proxy = proxy();
    originAnswers();
    Frames client = h2(proxy).get(1, target);
    assertEquals(400, client.of(1).status());
    client.body(1);
    isServed(client, 3);
  }

  @Test
  void unusualTargetPassesAsItCame() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).get(1, "/a;b=c/%7Bd?x=|{}&&\"<>?#".replace("#", ""));
    Wire upstream = origin.accept();
    assertEquals("GET /a;b=c/%7Bd?x=|{}&&\"<>? HTTP/1.1", upstream.readHead().line());
    upstream.send(ok(""));
    assertEquals(200, client.of(1).status());
  }
}
