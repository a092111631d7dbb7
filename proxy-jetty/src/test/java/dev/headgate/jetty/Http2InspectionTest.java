package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.tls.LeafCertificates;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.jetty.StreamSockets.Stream;
import dev.headgate.jetty.TestAuthority.Issued;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tunnel that is asked for over HTTP/2 is looked into on its stream. */
class Http2InspectionTest extends WireTest {
  /** No progress for so long is a stall; a sender that is not stalled goes on within far less. */
  private static final int STALL_MILLIS = 500;

  private static final int INITIAL_WINDOW_SIZE = 4;

  @TempDir static Path shared;
  private static TestAuthority web;
  private static TestAuthority own;
  private static SSLContext webContext;
  private static SSLContext ownContext;
  private static Path trusted;
  private final Notes notes = new Notes();
  private SSLServerSocket server;
  private StreamSockets streams;
  private Proxy proxy;

  /** Notes what was asked for inside, and in which version. */
  private static final class Notes implements ProxyPlugin, Interceptor {
    final List<String> seen = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("notes").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      seen.add(ctx.request().scheme() + " " + ctx.request().path() + " " + ctx.request().version());
      return RequestDecision.proceed();
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
      if (ctx.request().method().equals("GET")) outcomes.add(summary.outcome());
    }

    Outcome awaitOutcome() throws InterruptedException {
      Outcome outcome = outcomes.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS);
      if (outcome == null) throw new AssertionError("no exchange ended");
      return outcome;
    }
  }

  @BeforeAll
  static void makeAuthorities() throws Exception {
    web = new TestAuthority("web");
    own = new TestAuthority("own");
    Issued site = web.issue("a.test");
    webContext = TestAuthority.context(null, site);
    ownContext = TestAuthority.context(null, own.issue("a.test"));
    trusted = web.write(shared.resolve("web.pem"));
  }

  @BeforeEach
  void start() throws Exception {
    server =
        (SSLServerSocket)
            webContext
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(Wire.CEILING_MILLIS);
    LeafCertificates leaves =
        new LeafCertificates() {
          @Override
          public CompletionStage<SSLContext> context(String host, Executor executor) {
            return CompletableFuture.completedFuture(ownContext);
          }

          @Override
          public String authorityPem() {
            return "";
          }
        };
    proxy =
        opened(
            Proxy.builder()
                .engine(engine)
                .grace(Duration.ofMillis(100))
                .forward(
                    ForwardOptions.builder()
                        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
                        .lookup(name -> new InetAddress[] {InetAddress.getLoopbackAddress()})
                        .connectPorts(server.getLocalPort())
                        .build())
                .inspect(
                    InspectOptions.builder(leaves)
                        .hosts("*")
                        .upstreamTls(UpstreamTls.builder().authorities(trusted).build())
                        .build())
                .plugin(notes)
                .start());
    streams = opened(new StreamSockets(Frames.connect(proxy.port())));
  }

  @AfterEach
  void closeServer() throws IOException {
    server.close();
  }

  private void speaks(String... protocols) {
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    server.setSSLParameters(parameters);
  }

  private Stream connect() throws Exception {
    return streams.connect("a.test:" + server.getLocalPort());
  }

  /** Takes the connection by which the proxy verifies the upstream. */
  private Wire accept() throws IOException {
    SSLSocket socket = (SSLSocket) server.accept();
    socket.startHandshake();
    return opened(new Wire(socket));
  }

  /** Speaks TLS on an open tunnel, and trusts the proxy's authority. */
  private Wire secured(Stream stream, TestAuthority authority, String... protocols)
      throws Exception {
    assertEquals(200, stream.status());
    SSLContext context = TestAuthority.context(authority.certificate(), null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(stream.near, "a.test", server.getLocalPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    Wire wire = opened(new Wire(socket));
    socket.startHandshake();
    return wire;
  }

  private static void answers(Callable<Wire> connection, String body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                Wire wire = connection.call();
                wire.readHead();
                wire.send(ok(body));
              } catch (Exception e) {
                // Nobody asked here.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static String ask(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n";
  }

  @Test
  void requestsInsideAreExchangesOfTheirOwn() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    for (int i = 0; i < 3; i++) {
      client.send(ask("/" + i));
      Wire.Head request = upstream.readHead();
      assertEquals("GET /" + i + " HTTP/1.1", request.line());
      upstream.send(ok("answer " + i));
      assertEquals("answer " + i, client.readBody(client.readHead()));
    }
    assertEquals(
        List.of("https /0 HTTP_1_1", "https /1 HTTP_1_1", "https /2 HTTP_1_1"), notes.seen);
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    String up = "u".repeat(200_000);
    client.send("POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: 200000\r\n\r\n" + up);
    assertEquals(up, upstream.readBody(upstream.readHead()));
    String down = "d".repeat(4_000_000);
    CompletableFuture<Wire> sent = CompletableFuture.supplyAsync(() -> upstream.send(ok(down)));
    assertEquals(down, client.readBody(client.readHead()));
    sent.join();
  }

  @Test
  void tunnelsShareAConnection() throws Exception {
    Stream first = connect();
    Wire upstream = accept();
    Wire a = secured(first, own);
    // There is a connection to the host, so that nothing is to be verified again.
    Wire b = secured(connect(), own);
    a.send(ask("/a"));
    assertEquals("GET /a HTTP/1.1", upstream.readHead().line());
    b.send(ask("/b"));
    Wire other = accept();
    assertEquals("GET /b HTTP/1.1", other.readHead().line());
    other.send(ok("for b"));
    assertEquals("for b", b.readBody(b.readHead()));
    upstream.send(ok("for a"));
    assertEquals("for a", a.readBody(a.readHead()));
  }

  @Test
  void http2InsideHttp2() throws Exception {
    speaks("h2");
    Stream stream = connect();
    Frames upstream = Frames.accept(accept());
    Wire client = secured(stream, own, "h2");
    assertEquals("h2", ((SSLSocket) client.socket()).getApplicationProtocol());
    Frames inside = Frames.begin(client);
    for (int number : new int[] {1, 3}) {
      inside.head(
          number,
          true,
          ":method: GET",
          ":scheme: https",
          ":authority: a.test",
          ":path: /" + number);
    }
    for (int i = 0; i < 2; i++) {
      Frames.Frame request = upstream.await(Frames.HEADERS);
      upstream.head(request.stream(), false, ":status: 200");
      upstream.data(request.stream(), true, "answer to " + request.get(":path"));
    }
    for (int number : new int[] {1, 3}) {
      assertEquals(200, inside.of(number).status());
      assertEquals("answer to /" + number, inside.body(number));
    }
    assertTrue(notes.seen.contains("https /1 HTTP_2"), notes.seen::toString);
  }

  @Test
  void clientThatDoesNotTrustTheAuthorityGetsNothing() throws Exception {
    Stream stream = connect();
    accept();
    assertThrows(SSLException.class, () -> secured(stream, web));
    stream.awaitEnd();
    assertEquals(List.of(), notes.seen);
  }

  @Test
  void connectionInsideThatEndsEndsTheStream() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    upstream.readHead();
    upstream.send(ok("all"));
    Wire.Head head = client.readHead();
    assertEquals("all", client.readBody(head));
    assertEquals("", client.readAll()); // with TLS's own end: else it throws
    assertEquals(-1, stream.awaitEnd());
    // The connection around it lives.
    Stream next = connect();
    Wire again = secured(next, own);
    again.send(ask("/again"));
    // On the same connection, unless it is asked for before it is free again.
    answers(() -> upstream, "more");
    answers(this::accept, "more");
    assertEquals("more", again.readBody(again.readHead()));
  }

  /** As a system sends on what a program has written before it closed. */
  @Test
  void whatWasWrittenBeforeACloseIsSentYet() throws Exception {
    int window = 16 * 1024;
    streams = opened(new StreamSockets(Frames.connect(proxy.port(), INITIAL_WINDOW_SIZE, window)));
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    streams.hold();
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    upstream.readHead();
    String body = "b".repeat(2 * window); // more than the client takes now
    upstream.send(ok(body));
    assertEquals(Outcome.COMPLETED, notes.awaitOutcome());
    streams.release(stream);
    assertEquals(body, client.readBody(client.readHead()));
    assertEquals("", client.readAll());
    assertEquals(-1, stream.awaitEnd());
  }

  @Test
  void clientThatResetsTheStreamAbortsTheUpstream() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    client.send(ask("/"));
    upstream.readHead();
    streams.reset(stream);
    upstream.awaitEnd();
  }

  @Test
  void upstreamThatBreaksOffIsNoCleanEnd() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    client.send(ask("/"));
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive.");
    assertEquals(200, client.readHead().status());
    assertEquals("five.", client.read(5));
    upstream.reset();
    assertTrue(stream.awaitEnd() != 0, "an end that says that all is well");
    assertThrows(RuntimeException.class, () -> client.read(5));
  }

  @Test
  void bodyThatLastsUntilTheEndIsResetWhenItBreaks() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    client.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive.\r\n");
    assertEquals(200, client.readHead().status());
    assertEquals("five.", client.read(5));
    upstream.reset();
    assertEquals(10, stream.awaitEnd(), "CONNECT_ERROR");
  }

  @Test
  void clientThatOpensNoWindowStallsTheUpstream() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    streams.hold();
    client.send(ask("/"));
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              byte[] piece = new byte[16 * 1024];
              try {
                OutputStream out = upstream.socket().getOutputStream();
                while (true) {
                  out.write(piece);
                  sent.addAndGet(piece.length);
                }
              } catch (IOException e) {
                // The proxy gave up, at the end.
              }
            });
    long before = -1;
    while (sent.get() != before) {
      before = sent.get();
      Thread.sleep(STALL_MILLIS);
    }
    assertTrue(before < 64 << 20, "sent " + before);
    streams.reset(stream);
    sender.join();
  }

  @Test
  void stopBreaksOffWhatIsInside() throws Exception {
    Stream stream = connect();
    Wire upstream = accept();
    Wire client = secured(stream, own);
    client.send(ask("/"));
    upstream.readHead();
    proxy.close();
    upstream.awaitEnd();
    stream.awaitEnd();
  }
}
