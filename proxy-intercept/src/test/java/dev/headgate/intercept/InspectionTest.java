package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.tls.UpstreamTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients, a proxy that looks into their tunnels, and an https origin, over the wire. */
class InspectionTest {
  private static final int CEILING_MILLIS = 20_000;
  private static final AttributeKey<String> TUNNEL = AttributeKey.named("tunnel");
  @TempDir Path directory;
  private final CertificateAuthority web = CertificateAuthority.inMemory();
  private final CertificateAuthority own = CertificateAuthority.inMemory();
  private final MintedLeaves leaves = new MintedLeaves(own, 1000, Clock.systemUTC());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Witness witness = new Witness();
  private HttpsServer origin;
  private Path webPem;
  private Path ownPem;
  private Proxy proxy;

  /** Sees what passes. */
  private static final class Witness implements ProxyPlugin, Interceptor {
    final List<String> seen = new CopyOnWriteArrayList<>();
    volatile boolean inspects;

    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("witness").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    @Override
    public ConnectDecision onConnect(ConnectContext ctx) {
      seen.add("connect " + ctx.destination());
      ctx.attributes().put(TUNNEL, "to " + ctx.destination().host());
      return inspects ? ConnectDecision.inspect(ctx.destination()) : ConnectDecision.proceed();
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      seen.add(
          ctx.request().method()
              + " "
              + ctx.request().scheme()
              + " "
              + ctx.request().path()
              + " "
              + ctx.attributes().get(TUNNEL));
      ctx.request().headers().set("X-Seen", "yes");
      return RequestDecision.proceed();
    }
  }

  @BeforeEach
  void start() throws Exception {
    webPem = directory.resolve("web.pem");
    web.writePem(webPem);
    ownPem = directory.resolve("own.pem");
    own.writePem(ownPem);
    origin = serve(web);
  }

  /** Serves what was sent, behind the certificate of {@code *.test}. */
  private HttpsServer serve(CertificateAuthority authority) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    SSLContext context =
        authority
            .leaves()
            .context("*.test", Runnable::run)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (body.length == 0) body = "hello".getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("X-Got", String.valueOf(exchange.getRequestHeaders().getFirst("X-Seen")));
          exchange
              .getResponseHeaders()
              .set("X-Host", exchange.getRequestHeaders().getFirst("Host"));
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private int port() {
    return origin.getAddress().getPort();
  }

  private Proxy proxy(UnaryOperator<InspectOptions.Builder> settings) {
    return proxy(settings, forward -> forward);
  }

  private Proxy proxy(
      UnaryOperator<InspectOptions.Builder> settings,
      UnaryOperator<ForwardOptions.Builder> forward) {
    ForwardOptions.Builder options =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
            .lookup(host -> new InetAddress[] {InetAddress.getLoopbackAddress()})
            .connectPorts(port());
    InspectOptions.Builder inspect =
        InspectOptions.builder(leaves)
            .upstreamTls(UpstreamTls.builder().authorities(webPem).build());
    proxy =
        Proxy.builder()
            .forward(forward.apply(options).build())
            .inspect(settings.apply(inspect).build())
            .plugin(witness)
            .grace(Duration.ofMillis(100))
            .start();
    return proxy;
  }

  @AfterEach
  void stop() {
    if (proxy != null) {
      proxy.close();
      assertEquals(0, proxy.inFlight());
    }
    origin.stop(0);
    threads.shutdownNow();
  }

  private static SSLContext trusting(CertificateAuthority authority) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("authority", authority.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpClient client(CertificateAuthority trusted) throws Exception {
    return HttpClient.newBuilder()
        .proxy(
            ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
        .sslContext(trusting(trusted))
        .build();
  }

  private HttpRequest.Builder request(String host, String path) {
    return HttpRequest.newBuilder(URI.create("https://" + host + ":" + port() + path))
        .version(HttpClient.Version.HTTP_1_1);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(CEILING_MILLIS);
    return socket;
  }

  private String connectLine(String host) {
    String authority = host + ":" + port();
    return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) throw new IOException("ended after '" + head + "'");
      head.append((char) next);
    }
    return head.toString();
  }

  /** Opens a tunnel and TLS in it. */
  private SSLSocket tls(Socket tunnel, String host, CertificateAuthority trusted) throws Exception {
    SSLSocket socket =
        (SSLSocket) trusting(trusted).getSocketFactory().createSocket(tunnel, host, port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(CEILING_MILLIS);
    return socket;
  }

  private SSLSocket open(String host, CertificateAuthority trusted) throws Exception {
    Socket tunnel = connect();
    tunnel.getOutputStream().write(connectLine(host).getBytes(StandardCharsets.US_ASCII));
    String head = readHead(tunnel.getInputStream());
    assertTrue(head.startsWith("HTTP/1.1 200 "), head);
    SSLSocket socket = tls(tunnel, host, trusted);
    socket.startHandshake();
    return socket;
  }

  private static Principal issuer(SSLSocket socket) throws Exception {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getIssuerX500Principal();
  }

  private Principal issuerOf(CertificateAuthority authority) {
    return authority.certificate().getSubjectX500Principal();
  }

  @Test
  void hooksSeeWhatIsInside() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    HttpClient client = client(own);
    HttpResponse<String> first =
        client.send(request("a.test", "/one?x=1").build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, first.statusCode());
    assertEquals("hello", first.body());
    assertEquals("yes", first.headers().firstValue("X-Got").orElseThrow());
    assertEquals("a.test:" + port(), first.headers().firstValue("X-Host").orElseThrow());
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) large[i] = (byte) (i * 31);
    HttpResponse<byte[]> second =
        client.send(
            request("a.test", "/two").POST(HttpRequest.BodyPublishers.ofByteArray(large)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(
        new String(large, StandardCharsets.ISO_8859_1),
        new String(second.body(), StandardCharsets.ISO_8859_1));
    assertEquals(
        List.of(
            "connect a.test:" + port(), "GET https /one to a.test", "POST https /two to a.test"),
        witness.seen);
  }

  /** The first has a label of 64 letters. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test",
        "a_b.test",
        "-a.test",
        "127.1",
        "0x7f.0.0.1",
        "256.0.0.1",
        "A.TEST."
      })
  void hostsOfUnusualNamesAreServed(String host) throws Exception {
    proxy(
        inspect ->
            inspect
                .hosts("*")
                .upstreamTls(
                    UpstreamTls.builder().authorities(webPem).withoutHostNameCheck().build()));
    try (Socket tunnel = connect()) {
      tunnel.getOutputStream().write(connectLine(host).getBytes(StandardCharsets.US_ASCII));
      String head = readHead(tunnel.getInputStream());
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      SSLSocket socket =
          (SSLSocket) trusting(own).getSocketFactory().createSocket(tunnel, "x", port(), true);
      socket.setSoTimeout(CEILING_MILLIS);
      socket.startHandshake();
      assertEquals(issuerOf(own), issuer(socket));
      socket.close();
    }
  }

  @Test
  void pluginsChooseWhatIsInspected() throws Exception {
    proxy(inspect -> inspect);
    try (SSLSocket left = open("a.test", web)) {
      assertEquals(issuerOf(web), issuer(left));
    }
    witness.inspects = true;
    try (SSLSocket seen = open("a.test", own)) {
      assertEquals(issuerOf(own), issuer(seen));
    }
  }

  @Test
  void hostsOfTheListAreLeftAlone() throws Exception {
    witness.inspects = true;
    proxy(inspect -> inspect.hosts("*").passThrough("*.bank.test", "b.test"));
    try (SSLSocket left = open("b.test", web)) {
      assertEquals(issuerOf(web), issuer(left));
    }
    try (SSLSocket seen = open("a.test", own)) {
      assertEquals(issuerOf(own), issuer(seen));
    }
  }

  @Test
  void upstreamIsVerifiedBeforeTheTunnelOpens() throws Exception {
    origin.stop(0);
    origin = serve(CertificateAuthority.inMemory());
    proxy(inspect -> inspect.hosts("*"));
    try (Socket tunnel = connect()) {
      tunnel.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      String head = readHead(tunnel.getInputStream());
      assertTrue(head.startsWith("HTTP/1.1 502 "), head);
      assertTrue(head.contains("error=tls_certificate_error"), head);
    }
    assertEquals(0, leaves.minted());
  }

  @Test
  void addressPolicyHolds() throws Exception {
    proxy(inspect -> inspect.hosts("*"), forward -> forward.addresses(AddressPolicy.publicOnly()));
    try (Socket tunnel = connect()) {
      tunnel.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      String head = readHead(tunnel.getInputStream());
      assertTrue(head.startsWith("HTTP/1.1 403 ") || head.startsWith("HTTP/1.1 502 "), head);
      assertTrue(head.contains("error=destination_ip_prohibited"), head);
    }
  }

  @Test
  void passesThroughAfterARefusalWhereToldTo() throws Exception {
    proxy(inspect -> inspect.hosts("*").passThroughAfterRefusal(Duration.ofMinutes(5)));
    assertThrows(SSLException.class, () -> open("a.test", web));
    // The refusal is on its way to the proxy by now; the next tunnel may still be early.
    Principal seen = null;
    for (int i = 0; i < 100 && !issuerOf(web).equals(seen); i++) {
      try (SSLSocket socket = open("a.test", web)) {
        seen = issuer(socket);
      } catch (SSLException e) {
        Thread.onSpinWait();
      }
    }
    assertEquals(issuerOf(web), seen);
    try (SSLSocket other = open("b.test", own)) {
      assertEquals(issuerOf(own), issuer(other));
    }
  }

  @Test
  void doesNotPassThroughByItself() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    assertThrows(SSLException.class, () -> open("a.test", web));
    assertThrows(SSLException.class, () -> open("a.test", web));
    try (SSLSocket socket = open("a.test", own)) {
      assertEquals(issuerOf(own), issuer(socket));
    }
  }

  /** A client that does not wait for the answer to its CONNECT. */
  private static final class EagerSocket extends Socket {
    private InputStream behindHead;

    EagerSocket(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (behindHead == null) {
        InputStream in = super.getInputStream();
        behindHead =
            new InputStream() {
              private boolean skipped;

              private void skip() throws IOException {
                if (skipped) return;
                skipped = true;
                assertTrue(readHead(in).startsWith("HTTP/1.1 200 "));
              }

              @Override
              public int read() throws IOException {
                skip();
                return in.read();
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                skip();
                return in.read(bytes, offset, length);
              }
            };
      }
      return behindHead;
    }
  }

  @Test
  void handshakeMayBeginBeforeTheAnswer() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    for (int i = 0; i < 20; i++) {
      EagerSocket tunnel = new EagerSocket(proxy.port());
      tunnel.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      try (SSLSocket socket = tls(tunnel, "a.test", own)) {
        socket.startHandshake();
        assertEquals(issuerOf(own), issuer(socket));
      }
    }
  }

  @Test
  void whoIsLetInByTheConnectIsLetInInside() throws Exception {
    proxy(
        inspect -> inspect.hosts("*"),
        forward ->
            forward.authenticate(
                "test",
                (user, password) ->
                    CompletableFuture.completedFuture(
                        user.equals("me") && password.equals("secret"))));
    try (Socket tunnel = connect()) {
      tunnel.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      assertTrue(readHead(tunnel.getInputStream()).startsWith("HTTP/1.1 407 "));
    }
    Run run = curl("--proxy-user", "me:secret", "https://a.test:" + port() + "/in");
    assertEquals(0, run.exit(), run.err());
    assertEquals("hello", run.out());
  }

  @Test
  void clientsGetTheCertificateFromTheProxy() throws Exception {
    proxy(inspect -> inspect);
    Run run = curl("http://headgate.internal/");
    assertEquals(0, run.exit(), run.err());
    assertEquals(own.pem(), run.out());
  }

  @Test
  void curlIsServed() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    Run run = curl("-d", "what I say", "https://a.test:" + port() + "/x");
    assertEquals(0, run.exit(), run.err());
    assertEquals("what I say", run.out());
    assertEquals(List.of("connect a.test:" + port(), "POST https /x to a.test"), witness.seen);
  }

  private record Run(int exit, String out, String err) {}

  private Run curl(String... arguments) throws Exception {
    boolean there;
    try {
      there = new ProcessBuilder("curl", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    if (System.getenv("CI") != null) assertTrue(there, "curl is needed");
    Assumptions.assumeTrue(there, "there is no curl");
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "20", "--noproxy", ""));
    command.addAll(List.of("-x", "http://127.0.0.1:" + proxy.port()));
    command.addAll(List.of("--cacert", ownPem.toString()));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(directory, "curl", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Run(process.exitValue(), out, Files.readString(err));
  }

  /**
   * By default a small load. For the figures in docs/performance.md it is run with {@code
   * -Dheadgate.inspect.hosts=200 -Dheadgate.inspect.connections=1000}.
   */
  @Test
  void hostsGetTheirCertificatesOnceUnderLoad() throws Exception {
    int hosts = Integer.getInteger("headgate.inspect.hosts", 20);
    int connections = Integer.getInteger("headgate.inspect.connections", 100);
    proxy(inspect -> inspect.hosts("*"));
    ExecutorService clients = Executors.newFixedThreadPool(16);
    List<SSLSocket> sockets = new ArrayList<>();
    try {
      List<CompletableFuture<SSLSocket>> opening = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String host = "host" + i % hosts + ".test";
        opening.add(supply(clients, () -> open(host, own)));
      }
      for (CompletableFuture<SSLSocket> one : opening) sockets.add(one.get(2, TimeUnit.MINUTES));
      assertEquals(hosts, leaves.minted());
      // All are open now, and all are served.
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (SSLSocket socket : sockets) {
        String host = socket.getSession().getPeerHost();
        answers.add(
            supply(
                clients,
                () -> {
                  assertEquals(issuerOf(own), issuer(socket));
                  socket
                      .getOutputStream()
                      .write(
                          ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                              .getBytes(StandardCharsets.US_ASCII));
                  return readHead(socket.getInputStream());
                }));
      }
      for (CompletableFuture<String> answer : answers) {
        String head = answer.get(2, TimeUnit.MINUTES);
        assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      }
      assertEquals(hosts, leaves.minted());
      long[] minting = new long[hosts];
      for (int i = 0; i < hosts; i++) {
        long start = System.nanoTime();
        leaves.context("new" + i + ".test", Runnable::run).toCompletableFuture().get();
        minting[i] = System.nanoTime() - start;
      }
      Arrays.sort(minting);
      System.out.printf(
          "%d connections inside, %d hosts: minting takes %.1f ms (median), %.1f ms (p99)%n",
          connections, hosts, minting[hosts / 2] / 1e6, minting[hosts * 99 / 100] / 1e6);
    } finally {
      for (SSLSocket socket : sockets) socket.close();
      clients.shutdownNow();
    }
  }

  private static <T> CompletableFuture<T> supply(ExecutorService on, Callable<T> call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        on);
  }

  @Test
  void leastUsedHostsAreForgotten() throws Exception {
    MintedLeaves few = new MintedLeaves(own, 10, Clock.systemUTC());
    for (int i = 0; i < 200; i++) {
      few.context("host" + i + ".test", Runnable::run).toCompletableFuture().get();
    }
    assertEquals(200, few.minted());
    assertTrue(few.kept() <= 10, () -> few.kept() + " are kept");
  }

  @Test
  void stopsWithConnectionsInside() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    try (SSLSocket idle = open("a.test", own);
        Socket silent = connect()) {
      silent.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      readHead(silent.getInputStream());
      proxy.close();
      assertTrue(idle.getInputStream().read() < 0);
    }
  }

  @Test
  void tellsMistakesAtTheStart() {
    ConfigurationException failure =
        assertThrows(
            ConfigurationException.class,
            () ->
                Proxy.builder()
                    .route("/**", "http://localhost")
                    .inspect(
                        InspectOptions.builder(leaves)
                            .hosts("http://x")
                            .certificateHost("*.x")
                            .build())
                    .start());
    String all = String.join("\n", failure.mistakes());
    assertTrue(all.contains("inspect: host must be"), all);
    assertTrue(all.contains("inspect: certificateHost must be"), all);
    assertTrue(all.contains("'*.x'"), all);
    assertTrue(all.contains("by a forward proxy only"), all);
  }
}
