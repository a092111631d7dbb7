package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the states of streams and the definitions of frames do not allow an upstream (RFC 9113
 * sections 4 to 8), and what its client is told.
 */
class Http2UpstreamStatesTest extends Http2WireTest {
  private static Arguments sends(String name, int code, Consumer<Frames> sends) {
    return Arguments.of(name, code, sends);
  }

  private Frames[] asked() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    return new Frames[] {client, at};
  }

  static Stream<Arguments> errorsOfUpstreams() {
    String ok = ":status: 200";
    return Stream.of(
        sends("5.1 DATA on an idle stream", Frames.PROTOCOL_ERROR, at -> at.data(101, true, "x")),
        sends("5.1 HEADERS on an idle stream", Frames.PROTOCOL_ERROR, at -> at.head(101, true, ok)),
        sends(
            "5.1.1 a stream of the upstream's", Frames.PROTOCOL_ERROR, at -> at.head(2, true, ok)),
        sends("6.1 DATA on the connection", Frames.PROTOCOL_ERROR, at -> at.data(0, true, "x")),
        sends("6.2 HEADERS on the connection", Frames.PROTOCOL_ERROR, at -> at.head(0, true, ok)),
        sends("6.4 RST_STREAM on an idle stream", Frames.PROTOCOL_ERROR, at -> at.reset(101, 8)),
        sends(
            "6.5 SETTINGS of 5 bytes",
            Frames.FRAME_SIZE_ERROR,
            at -> at.send(Frames.SETTINGS, 0, 0, new byte[5])),
        sends("6.5.2 ENABLE_PUSH", Frames.PROTOCOL_ERROR, at -> at.settings(ENABLE_PUSH, 1)),
        sends(
            "6.7 PING of 4 bytes",
            Frames.FRAME_SIZE_ERROR,
            at -> at.send(Frames.PING, 0, 0, new byte[4])),
        sends("6.9 WINDOW_UPDATE of 0", Frames.PROTOCOL_ERROR, at -> at.window(0, 0)),
        sends(
            "6.9.1 a window that overflows",
            Frames.FLOW_CONTROL_ERROR,
            at -> at.window(0, Integer.MAX_VALUE)),
        sends(
            "6.10 CONTINUATION of nothing",
            Frames.PROTOCOL_ERROR,
            at -> at.send(Frames.CONTINUATION, Frames.END_HEADERS, 1, new byte[0])),
        sends(
            "4.2 a frame over the limit",
            Frames.FRAME_SIZE_ERROR,
            at -> at.send(Frames.DATA, 0, 1, new byte[16_385])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errorsOfUpstreams")
  void errorOfAnUpstreamEndsItsConnection(String name, int code, Consumer<Frames> sends) {
    Frames[] ends = asked();
    sends.accept(ends[1]);
    assertEquals(code, ends[1].awaitGoAway());
    assertEquals(502, ends[0].of(1).status());
  }

  private static Arguments broken(String name, Consumer<Frames> sends) {
    return Arguments.of(name, sends);
  }

  /** What follows a good head. */
  static Stream<Arguments> brokenResponses() {
    return Stream.of(
        broken("8.1.1 less than its length", at -> at.data(1, true, "1234")),
        broken("8.1.1 more than its length", at -> at.data(1, true, "123456")),
        broken(
            "8.1.1 less than its length, with trailers",
            at -> at.data(1, false, "1234").head(1, true, "a: b")),
        broken("8.1 a second head", at -> at.head(1, false, ":status: 200")),
        broken(
            "8.1 trailers with a pseudo field",
            at -> at.data(1, false, "12345").head(1, true, ":status: 200")),
        broken(
            "8.2.2 trailers with a field of a connection",
            at -> at.data(1, false, "12345").head(1, true, "connection: close")),
        broken(
            "8.2.1 trailers with a name in upper case",
            at -> at.data(1, false, "12345").head(1, true, "A: b")));
  }

  /** The client must not take it for whole (rule 22), and the upstream is told. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenResponses")
  void brokenResponseIsNotWhole(String name, Consumer<Frames> sends) {
    Frames[] ends = asked();
    ends[1].head(1, false, ":status: 200", "content-length: 5");
    assertEquals(200, ends[0].of(1).status());
    sends.accept(ends[1]);
    Frames.Frame frame = ends[0].of(1);
    while (frame.type() == Frames.DATA && !frame.ends()) frame = ends[0].of(1);
    assertEquals(Frames.RST_STREAM, frame.type());
    assertEquals(Frames.PROTOCOL_ERROR, ends[1].await(Frames.RST_STREAM).code());
  }

  /** Jetty takes them for the end of the stream, so that there is nothing left to reset. */
  @Test
  @DisplayName("8.1 trailers that do not end")
  void trailersThatDoNotEndAreNotTheEnd() {
    Frames[] ends = asked();
    ends[1].head(1, false, ":status: 200").data(1, false, "1").head(1, false, "a: b");
    assertEquals(200, ends[0].of(1).status());
    Frames.Frame frame = ends[0].of(1);
    while (frame.type() == Frames.DATA && !frame.ends()) frame = ends[0].of(1);
    assertEquals(Frames.RST_STREAM, frame.type());
  }

  @Test
  @DisplayName("6.9.2 an upstream's first window that overflows a stream's")
  void windowOfAnUpstreamThatOverflows() {
    Frames[] ends = asked();
    ends[1].window(1, 1000).ping().await(Frames.PING); // else the update may be on its way
    ends[1].settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
    assertEquals(Frames.FLOW_CONTROL_ERROR, ends[1].awaitGoAway());
    assertEquals(502, ends[0].of(1).status());
  }

  @ParameterizedTest(name = "8.1 DATA before a head, ends: {0}")
  @ValueSource(booleans = {true, false})
  void dataBeforeAHeadIs502(boolean last) {
    Frames[] ends = asked();
    ends[1].data(1, last, "x");
    assertEquals(502, ends[0].of(1).status());
    assertTrue(ends[0].body(1).contains("upstream_"));
  }
}
