package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must be the same whatever version the client speaks, and whatever the upstream. */
class VersionMatrixTest extends Http2WireTest {
  private static final int LARGE = 1 << 30;

  /** Client's version and upstream's. */
  enum Mix {
    ONE_TO_ONE(false, false),
    ONE_TO_TWO(false, true),
    TWO_TO_ONE(true, false),
    TWO_TO_TWO(true, true);

    final boolean in;
    final boolean out;

    Mix(boolean in, boolean out) {
      this.in = in;
      this.out = out;
    }
  }

  private Frames upstream;
  private int streams = 1;

  private Proxy proxy(Mix mix, UnaryOperator<dev.headgate.ProxyBuilder> settings) {
    Destination.Protocol protocol =
        mix.out ? Destination.Protocol.HTTP_2 : Destination.Protocol.NEGOTIATED;
    return proxy(
        b ->
            settings.apply(
                b.route(Route.builder("/x/**").target(origin.uri()).protocol(protocol).build())));
  }

  private ClientSide client(Mix mix) {
    return client(mix, proxy(mix, b -> b));
  }

  private ClientSide client(Mix mix, Proxy proxy) {
    if (!mix.in) return new ClientSide.Http1(client(proxy));
    Frames frames = h2(proxy, INITIAL_WINDOW_SIZE, LARGE);
    return new ClientSide.Http2(frames.window(0, LARGE), 1);
  }

  private OriginSide origin(Mix mix) {
    if (!mix.out) return new OriginSide.Http1(origin.accept());
    if (upstream == null) {
      upstream = Frames.accept(origin.accept(), INITIAL_WINDOW_SIZE, LARGE).window(0, LARGE);
    }
    OriginSide side = new OriginSide.Http2(upstream, streams);
    streams += 2;
    return side;
  }

  @ParameterizedTest
  @EnumSource
  void get(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/a?b=|{}", false, "te: trailers", "X-A: 1");
    OriginSide at = origin(mix);
    assertEquals("GET /x/a?b=|{}", at.line());
    assertEquals(origin.uri(), "http://" + at.get("Host"));
    assertEquals("1", at.get("x-a"));
    assertEquals("trailers", at.get("te"));
    assertTrue(at.get("Via").startsWith(mix.in ? "2.0 " : "1.1 "), at.get("Via"));
    assertNull(at.get("Content-Length"));
    at.respond(200, true, "content-length: 4", "x-b: 2").data("fine");
    if (mix.out) at.end();
    ClientSide.Head head = client.head();
    assertEquals(200, head.status());
    assertEquals("4", head.get("Content-Length"));
    assertEquals("2", head.get("X-B"));
    assertNull(head.get("Transfer-Encoding"));
    assertEquals("fine", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void fieldsOfAConnectionGoNoFurther(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    if (mix.out) {
      at.respond(200, false);
    } else {
      at.respond(200, false, "connection: X-Hop", "X-Hop: 1", "keep-alive: 5", "upgrade: h2c");
    }
    ClientSide.Head head = client.head();
    assertNull(head.get("Connection"));
    assertNull(head.get("X-Hop"));
    assertNull(head.get("Keep-Alive"));
    assertNull(head.get("Upgrade"));
    assertEquals("", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void cookiesInCrumbs(Mix mix) {
    String[] crumbs = {"cookie: a=1", "cookie: b=2"};
    ClientSide client = client(mix);
    client.begin("GET", "/x/", false, mix.in ? crumbs : new String[] {"cookie: a=1; b=2"});
    OriginSide at = origin(mix);
    at.line();
    assertEquals("a=1; b=2", at.get("cookie"));
    at.respond(200, false);
    assertEquals(200, client.head().status());
  }

  @ParameterizedTest
  @EnumSource
  void bodiesWithLength(Mix mix) {
    ClientSide client = client(mix).begin("POST", "/x/", true, "content-length: 5").data("hel");
    OriginSide at = origin(mix);
    assertEquals("POST /x/", at.line());
    assertEquals("5", at.get("Content-Length"));
    assertEquals("hel", at.read(3));
    client.data("lo");
    if (mix.in) client.end();
    assertEquals("lo", mix.out ? at.rest() : at.read(2));
    at.respond(201, true, "content-length: 2").data("ok");
    if (mix.out) at.end();
    assertEquals(201, client.head().status());
    assertEquals("ok", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void bodiesWithoutLengthAndTrailersBothWays(Mix mix) {
    ClientSide client = client(mix).begin("POST", "/x/", true, "te: trailers").data("hello");
    OriginSide at = origin(mix);
    at.line();
    assertNull(at.get("Content-Length"));
    assertEquals("hello", at.read(5));
    client.data(" world").end("x-sum: 1", "x-b: 2");
    assertEquals(" world\nx-sum: 1\nx-b: 2", at.rest());
    at.respond(200, true);
    ClientSide.Head head = client.head();
    assertNull(head.get("Content-Length"));
    at.data("abc");
    assertEquals("abc", client.read(3));
    at.data("def").end("grpc-status: 0");
    assertEquals("def\ngrpc-status: 0", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void trailersWithoutBody(Mix mix) {
    ClientSide client = client(mix).begin("POST", "/x/", true).end("x-sum: 1");
    OriginSide at = origin(mix);
    at.line();
    assertEquals("\nx-sum: 1", at.rest());
    at.respond(200, true).end("grpc-status: 5");
    client.head();
    assertEquals("\ngrpc-status: 5", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void interimResponses(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    at.interim(103, "link: </a>");
    ClientSide.Head hints = client.head();
    assertEquals(103, hints.status());
    assertEquals("</a>", hints.get("Link"));
    at.respond(200, false);
    assertEquals(200, client.head().status());
    assertEquals("", client.rest());
  }

  @ParameterizedTest
  @EnumSource
  void expectedContinue(Mix mix) {
    ClientSide client =
        client(mix).begin("POST", "/x/", true, "expect: 100-continue", "content-length: 5");
    OriginSide at = origin(mix);
    at.line();
    assertEquals("100-continue", at.get("Expect"));
    at.interim(100);
    assertEquals(100, client.head().status());
    client.data("hello");
    if (mix.in) client.end();
    assertEquals("hello", at.read(5));
    at.respond(200, false);
    assertEquals(200, client.head().status());
  }

  @ParameterizedTest
  @EnumSource
  void responsesWithoutBody(Mix mix) {
    Proxy proxy = proxy(mix, b -> b);
    ClientSide client = client(mix, proxy).begin("HEAD", "/x/", false);
    OriginSide at = origin(mix);
    assertEquals("HEAD /x/", at.line());
    at.respond(200, false, once(mix, "content-length: 1000"));
    ClientSide.Head head = client.head();
    assertEquals("1000", head.get("Content-Length"));
    assertEquals("", client.rest());
    for (int status : new int[] {204, 304}) {
      client = client(mix, proxy).begin("GET", "/x/", false);
      at = origin(mix);
      at.line();
      at.respond(status, false, once(mix, "etag: \"a\""));
      head = client.head();
      assertEquals(status, head.status());
      assertEquals("\"a\"", head.get("ETag"));
      assertNull(head.get("Content-Length"));
      assertEquals("", client.rest());
    }
  }

  /** Over HTTP/1.1 for one exchange only: whether the next finds it in the pool yet is a race. */
  private static String[] once(Mix mix, String field) {
    return mix.out ? new String[] {field} : new String[] {field, "connection: close"};
  }

  @ParameterizedTest
  @EnumSource
  void largeBodiesBothWays(Mix mix) throws Exception {
    String piece = "0123456789abcdef".repeat(1000);
    int pieces = 400;
    ClientSide client = client(mix).begin("POST", "/x/", true);
    OriginSide at = origin(mix);
    at.line();
    Thread sender =
        new Thread(
            () -> {
              if (client instanceof ClientSide.Http2) {
                // The proxy's window is awaited by the reader below; this stays inside it.
                for (int i = 0; i < 16; i++) client.data(piece);
              } else {
                for (int i = 0; i < pieces; i++) client.data(piece);
              }
              client.end();
            });
    sender.start();
    int expected = (mix.in ? 16 : pieces) * piece.length();
    assertEquals(expected, at.rest().length());
    sender.join();
    at.respond(200, true);
    int sent = mix.out ? 16 : pieces;
    for (int i = 0; i < sent; i++) at.data(piece);
    at.end();
    client.head();
    assertEquals(sent * piece.length(), client.rest().length());
  }

  /** An event stream whose first event is late: its head must not wait (rule 39). */
  @ParameterizedTest
  @EnumSource
  void eventsComeOneByOne(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    at.respond(200, true, "content-type: text/event-stream");
    assertEquals("text/event-stream", client.head().get("Content-Type"));
    for (int i = 0; i < 5; i++) {
      at.data("event " + i);
      assertEquals("event " + i, client.read(7));
    }
    at.end();
    assertEquals("", client.rest());
  }

  // --- ends from one side

  @ParameterizedTest
  @EnumSource
  void clientGoneWhileTheUpstreamIsSilent(Mix mix) throws Exception {
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    ClientSide client = client(mix, proxy(mix, b -> b.plugin(plugin))).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    client.leave();
    at.awaitBroken();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @ParameterizedTest
  @EnumSource
  void clientGoneInsideItsBody(Mix mix) throws Exception {
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    ClientSide client =
        client(mix, proxy(mix, b -> b.plugin(plugin))).begin("POST", "/x/", true).data("abc");
    OriginSide at = origin(mix);
    at.line();
    assertEquals("abc", at.read(3));
    client.leave();
    at.awaitBroken();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @ParameterizedTest
  @EnumSource
  void clientGoneInsideTheResponse(Mix mix) throws Exception {
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    ClientSide client = client(mix, proxy(mix, b -> b.plugin(plugin))).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    at.respond(200, true).data("abc");
    client.head();
    assertEquals("abc", client.read(3));
    client.leave();
    at.awaitBroken();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @ParameterizedTest
  @EnumSource
  void upstreamGoneBeforeItsResponse(Mix mix) {
    ClientSide client = client(mix).begin("POST", "/x/", true).data("abc");
    OriginSide at = origin(mix);
    at.line();
    at.read(3);
    at.leave();
    ClientSide.Head head = client.head();
    assertEquals(502, head.status());
    assertTrue(client.rest().contains("upstream_aborted"));
  }

  /** Rule 22: never a clean end. */
  @ParameterizedTest
  @EnumSource
  void upstreamGoneInsideItsResponse(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    at.respond(200, true).data("abc");
    client.head();
    assertEquals("abc", client.read(3));
    at.leave();
    client.awaitBroken();
  }

  @ParameterizedTest
  @EnumSource
  void upstreamSendsLessThanItSaid(Mix mix) {
    ClientSide client = client(mix).begin("GET", "/x/", false);
    OriginSide at = origin(mix);
    at.line();
    at.respond(200, true, "content-length: 10").data("abc");
    client.head();
    assertEquals("abc", client.read(3));
    if (mix.out) {
      at.end();
    } else {
      at.leave();
    }
    client.awaitBroken();
  }

  /** Rule 25: an early response is passed on whole, and the rest of the request is given up. */
  @ParameterizedTest
  @EnumSource
  void earlyResponse(Mix mix) {
    ClientSide client = client(mix).begin("POST", "/x/", true).data("abc");
    OriginSide at = origin(mix);
    at.line();
    at.read(3);
    at.respond(413, true, "content-length: 4").data("full");
    if (mix.out) at.end();
    assertEquals(413, client.head().status());
    assertEquals("full", client.rest());
    at.awaitBroken();
  }
}
