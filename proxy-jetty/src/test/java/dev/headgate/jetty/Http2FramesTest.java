package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
class Http2FramesTest extends WireTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_FRAME_SIZE = 5;
  private static final int ENABLE_PUSH = 2;

  private static final String[] REQUEST = {
    ":method: GET", ":scheme: http", ":authority: localhost", ":path: /"
  };

  private Frames h2(Proxy proxy) {
    return opened(Frames.connect(proxy.port()));
  }

  private void originAnswers() {
    origin.serve(
        wire -> {
          while (true) {
            Wire.Head head = wire.readHead();
            // Never early: else the end of the request could be refused before it is malformed.
            boolean body =
                head.get("Content-Length") != null || head.get("Transfer-Encoding") != null;
            if (body) wire.readBody(head);
            wire.send(ok("fine"));
          }
        });
  }

  /** The connection goes on: a good request is answered. */
  private static void isServed(Frames client, int stream) {
    client.get(stream, "/");
    assertEquals(200, client.of(stream).status());
    assertEquals("fine", client.body(stream));
  }

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
            "a length that is none (8.1.1)",
            Frames.PROTOCOL_ERROR,
            c -> c.post(1, "/", "content-length: x")),
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

  /** CVE-2024-27316 and its kin: a head that never ends. */
  @Test
  void floodOfContinuationsEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(REQUEST));
    assertFlooded(
        client, c -> c.send(Frames.CONTINUATION, 0, 1, Frames.block("a: " + "b".repeat(8000))));
  }

  @Test
  void floodOfEmptyContinuationsEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(REQUEST));
    assertFlooded(client, c -> c.send(Frames.CONTINUATION, 0, 1, new byte[0]));
  }

  @Test
  void floodOfPingsEndsTheConnection() {
    assertFlooded(h2(proxy()), Frames::ping);
  }

  @Test
  void floodOfSettingsEndsTheConnection() {
    assertFlooded(h2(proxy()), c -> c.settings(INITIAL_WINDOW_SIZE, 70_000));
  }

  @Test
  void floodOfPrioritiesEndsTheConnection() {
    assertFlooded(h2(proxy()), c -> c.send(Frames.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}));
  }

  @Test
  void floodOfEmptyDataEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).post(1, "/");
    origin.accept().readHead();
    assertFlooded(client, c -> c.data(1, false, ""));
  }

  /** Some clients measure the way with a ping for what they get, or reset what they have whole. */
  @Test
  void pingsAndResetsAfterAnswersAreNoFlood() {
    Proxy proxy = proxy();
    origin.serve(
        wire -> {
          while (true) {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        });
    Frames client = h2(proxy);
    for (int i = 0; i < 3000; i++) {
      int id = 1 + 2 * i;
      client.get(id, "/");
      assertEquals(200, client.of(id).status());
      assertEquals("ok", client.body(id));
      client.reset(id, 8).ping();
    }
  }

  private static void assertFlooded(Frames client, Consumer<Frames> sends) {
    Thread reader = new Thread(client::awaitEnd);
    reader.start(); // lest the answers to the flood fill the sockets
    int sent = 0;
    try {
      for (; sent < 200_000; sent++) sends.accept(client);
    } catch (java.io.UncheckedIOException e) {
      // It ended it.
    }
    int most = sent;
    assertTrue(sent < 200_000, () -> "still open after " + most);
  }

  /** CVE-2023-44487: streams that are opened and reset at once. */
  @Test
  void rapidResetEndsTheConnectionAndTheUpstreamIsFree() throws Exception {
    Proxy proxy = proxy();
    origin.serve(Wire::readAll);
    Frames client = h2(proxy);
    int sent = 0;
    try {
      for (int id = 1; sent < 100_000; id += 2, sent++) client.get(id, "/").reset(id, 8);
    } catch (java.io.UncheckedIOException e) {
      // It ended it.
    }
    assertTrue(sent < 100_000);
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (proxy.inFlight() > 0 || origin.open() > 0) {
      assertTrue(System.nanoTime() < deadline, "exchanges are left");
      Thread.onSpinWait();
    }
  }

  @Test
  void streamsBeyondTheLimitAreRefused() {
    Proxy proxy = proxy();
    origin.serve(Wire::readAll);
    Frames client = h2(proxy);
    for (int i = 0; i < 129; i++) client.get(1 + 2 * i, "/");
    Frames.Frame reset = client.await(Frames.RST_STREAM);
    assertEquals(Frames.REFUSED_STREAM, reset.code());
    assertEquals(257, reset.stream());
    assertNull(reset.get("x"));
  }
}
