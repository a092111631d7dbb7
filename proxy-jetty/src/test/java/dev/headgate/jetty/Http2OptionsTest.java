package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.core.config.Http2Options;
import dev.headgate.core.config.Limits;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.EngineOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What clients and upstreams are told of streams and windows, and that it holds. */
class Http2OptionsTest extends Http2WireTest {
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final int WINDOW = 65_535;

  @Override
  EngineOptions options() {
    return new EngineOptions(engineName(), 16, 8 << 20, 64, Duration.ofSeconds(20), 20_000)
        .withHttp2(Http2Options.of(2, 100_000).withConnectionWindowBytes(150_000));
  }

  private Frames client(Http2Options options) {
    return opened(
        Frames.connect(
            proxy(
                    b ->
                        b.http2(options)
                            .limits(new Limits(1000, 5000, -1, 64 * 1024, 200))
                            .route(
                                Route.builder("/x/**")
                                    .target(origin.uri())
                                    .protocol(Destination.Protocol.HTTP_2)
                                    .build()))
                .port()));
  }

  private static Map<Integer, Integer> settings(Frames at) {
    ByteBuffer payload = ByteBuffer.wrap(at.await(Frames.SETTINGS).payload());
    Map<Integer, Integer> settings = new TreeMap<>();
    while (payload.hasRemaining()) settings.put((int) payload.getShort(), payload.getInt());
    return settings;
  }

  private static int windowUpdate(Frames at) {
    Frames.Frame frame = at.await(Frames.WINDOW_UPDATE);
    assertEquals(0, frame.stream());
    return ByteBuffer.wrap(frame.payload()).getInt();
  }

  @Test
  void clientsAreToldTheDefaults() {
    Frames client = client(Http2Options.defaults());
    assertEquals(
        Map.of(
            MAX_CONCURRENT_STREAMS,
            128,
            INITIAL_WINDOW_SIZE,
            256 * 1024,
            MAX_HEADER_LIST_SIZE,
            6000,
            ENABLE_CONNECT_PROTOCOL,
            1),
        settings(client));
    assertEquals(128 * 256 * 1024 - WINDOW, windowUpdate(client));
  }

  @Test
  void clientsAreToldWhatIsSet() {
    Frames client = client(new Http2Options(7, 70_000, 200_000));
    Map<Integer, Integer> settings = settings(client);
    assertEquals(7, settings.get(MAX_CONCURRENT_STREAMS));
    assertEquals(70_000, settings.get(INITIAL_WINDOW_SIZE));
    assertEquals(200_000 - WINDOW, windowUpdate(client));
  }

  /** A window that stays as it is must not be told: an increment of 0 is an error. */
  @Test
  void leastWindowsNeedNoUpdate() {
    Frames client = client(new Http2Options(1, WINDOW, WINDOW));
    assertEquals(WINDOW, settings(client).get(INITIAL_WINDOW_SIZE));
    client.ping();
    assertEquals(Frames.SETTINGS, client.next().type()); // the acknowledgement
    assertEquals(Frames.PING, client.next().type());
  }

  @Test
  void streamsBeyondTheLimitAreRefused() {
    Frames client = client(Http2Options.of(2, WINDOW));
    client.await(Frames.SETTINGS);
    for (int id = 1; id <= 5; id += 2) client.get(id, "/");
    Frames.Frame reset = client.await(Frames.RST_STREAM);
    assertEquals(Frames.REFUSED_STREAM, reset.code());
    assertEquals(5, reset.stream());
  }

  @Test
  void windowsAreKept() {
    Frames client = client(new Http2Options(2, 70_000, 70_000));
    client.await(Frames.SETTINGS);
    client.post(1, "/");
    Wire upstream = origin.accept();
    Wire.Head head = upstream.readHead();
    for (int i = 0; i < 4; i++) client.data(1, i == 3, new byte[16_384]);
    assertEquals(4 * 16_384, upstream.readBody(head).length());
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    client.body(1);
  }

  @Test
  void upstreamsAreToldTheEngines() {
    Frames client = client(Http2Options.defaults()).get(1, "/x/");
    Frames at = Frames.accept(origin.accept());
    Map<Integer, Integer> settings = settings(at);
    assertEquals(
        Map.of(ENABLE_PUSH, 0, INITIAL_WINDOW_SIZE, 100_000, MAX_HEADER_LIST_SIZE, 20_000),
        settings);
    assertEquals(150_000 - WINDOW, windowUpdate(at));
    client.reset(1, Frames.CANCEL);
  }

  @Test
  void callsBeyondTheStreamsOfAConnectionGetAFurtherOne() {
    Frames client = client(Http2Options.defaults());
    for (int i = 0; i < 5; i++) client.get(1 + 2 * i, "/x/" + i);
    List<Frames> connections = new ArrayList<>();
    for (int streams : new int[] {2, 2, 1}) {
      Frames at = Frames.accept(origin.accept());
      for (int i = 0; i < streams; i++) at.await(Frames.HEADERS);
      connections.add(at);
    }
    for (int i = 0; i < 3; i++) {
      for (int s = 0; s < (i == 2 ? 1 : 2); s++) {
        connections.get(i).head(1 + 2 * s, true, ":status: 204");
      }
    }
    for (int i = 0; i < 5; i++) assertEquals(204, client.of(1 + 2 * i).status());
  }

  @Test
  void mistakesAreReportedWithAllOthers() {
    ConfigurationException mistakes =
        assertThrows(
            ConfigurationException.class,
            () ->
                Proxy.builder()
                    .engine(engine)
                    .port(-1)
                    .route("/**", origin.uri())
                    .http2(new Http2Options(0, 1000, 500))
                    .start());
    assertEquals(
        List.of(
            "http2 maxStreams must be 1 to 100000, but was 0",
            "http2 streamWindowBytes must be 65535 or more, but was 1000",
            "http2 connectionWindowBytes must be streamWindowBytes or more, but was 500",
            "port must be 0 to 65535, but was -1"),
        mistakes.mistakes());
    assertThrows(
        IllegalArgumentException.class,
        () -> EngineOptions.defaults().withHttp2(new Http2Options(-1, WINDOW, WINDOW)));
  }
}
