package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;

/** What tests of HTTP/2 share: clients and upstreams that are spoken to frame by frame. */
abstract class Http2WireTest extends WireTest {
  // Settings.
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int MAX_FRAME_SIZE = 5;
  static final int ENABLE_CONNECT_PROTOCOL = 8;

  static final String[] REQUEST = {
    ":method: GET", ":scheme: http", ":authority: localhost", ":path: /"
  };

  /** A client with settings of its own. */
  final Frames h2(Proxy proxy, int... settings) {
    return opened(Frames.connect(proxy.port(), settings));
  }

  /** A proxy whose origin is an upstream of HTTP/2 below {@code /x/}. */
  final Proxy h2Proxy() {
    return proxy(
        b ->
            b.route(
                Route.builder("/x/**")
                    .target(origin.uri())
                    .protocol(Destination.Protocol.HTTP_2)
                    .build()));
  }

  /** The proxy's next connection to an upstream of HTTP/2. */
  final Frames upstream(int... settings) {
    return Frames.accept(origin.accept(), settings);
  }

  static void answer(Frames at, int stream, String body) {
    at.head(stream, false, ":status: 200").data(stream, true, body);
  }

  static String answerOf(Frames client, int stream) {
    assertEquals(200, client.of(stream).status());
    return client.body(stream);
  }

  /** Lets the origin answer all requests, over HTTP/1.1. */
  final void originAnswers() {
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
  static void isServed(Frames client, int stream) {
    client.get(stream, "/");
    assertEquals(200, client.of(stream).status());
    assertEquals("fine", client.body(stream));
  }
}
