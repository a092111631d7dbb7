package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.headgate.Proxy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.core.tls.UpstreamTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is spoken inside a tunnel that is looked into: versions of HTTP, and other protocols. */
class InsideTest {
  private static final int CEILING_MILLIS = 20_000;
  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir Path directory;
  private final CertificateAuthority web = CertificateAuthority.inMemory();
  private final CertificateAuthority own = CertificateAuthority.inMemory();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Witness witness = new Witness("witness");
  private final Witness upstream = new Witness("upstream");
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path webPem;
  private Path ownPem;
  private KeyStore keys;
  private Proxy proxy;

  /** Sees in which version of HTTP requests come. */
  private static final class Witness implements ProxyPlugin, Interceptor {
    final List<String> seen = new CopyOnWriteArrayList<>();
    private final String name;

    Witness(String name) {
      this.name = name;
    }

    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(name).build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      String upgrade = ctx.request().headers().get("Upgrade");
      seen.add(
          ctx.request().version()
              + " "
              + ctx.request().path()
              + (upgrade == null ? "" : " " + upgrade));
      return RequestDecision.proceed();
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] head(String... lines) {
    return ascii(String.join("\r\n", lines) + "\r\n\r\n");
  }

  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) throw new IOException("ended after '" + head + "'");
      head.append((char) next);
    }
    return head.toString();
  }

  @BeforeEach
  void makeCertificates() throws Exception {
    webPem = directory.resolve("web.pem");
    web.writePem(webPem);
    ownPem = directory.resolve("own.pem");
    own.writePem(ownPem);
    Issuer.Leaf leaf = Issuer.leaf(web, "*.test", Clock.systemUTC());
    keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("leaf", leaf.key(), PASSWORD, new Certificate[] {leaf.certificate()});
  }

  @AfterEach
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
      assertEquals(0, proxy.inFlight());
    }
    for (int i = open.size() - 1; i >= 0; i--) open.get(i).close();
    threads.shutdownNow();
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  /** An origin that speaks HTTP/2 and HTTP/1.1 in TLS. */
  private Proxy newOrigin() throws Exception {
    HttpServer plain =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    plain.setExecutor(threads);
    plain.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 5);
          exchange.getResponseBody().write(ascii("hello"));
          exchange.close();
        });
    plain.start();
    opened(() -> plain.stop(0));
    Path store = directory.resolve("origin.p12");
    try (OutputStream out = Files.newOutputStream(store)) {
      keys.store(out, PASSWORD);
    }
    return opened(
        Proxy.builder()
            .route("/**", "http://127.0.0.1:" + plain.getAddress().getPort())
            .allowHosts("a.test", "b.test")
            .tls(ListenerTls.builder().keyStore(store, PASSWORD).build())
            .plugin(upstream)
            .grace(Duration.ofMillis(100))
            .start());
  }

  private void proxy(int port) {
    ForwardOptions forward =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
            .lookup(host -> new InetAddress[] {InetAddress.getLoopbackAddress()})
            .connectPorts(port)
            .build();
    InspectOptions inspect =
        InspectOptions.builder(own.leaves())
            .hosts("*")
            .upstreamTls(UpstreamTls.builder().authorities(webPem).build())
            .build();
    proxy =
        Proxy.builder()
            .forward(forward)
            .inspect(inspect)
            .plugin(witness)
            .grace(Duration.ofMillis(100))
            .start();
  }

  private SSLSocket open(String host, int port, String... protocols) throws Exception {
    Socket tunnel = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    tunnel.setSoTimeout(CEILING_MILLIS);
    String authority = host + ":" + port;
    tunnel
        .getOutputStream()
        .write(ascii("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n"));
    String head = readHead(tunnel.getInputStream());
    assertTrue(head.startsWith("HTTP/1.1 200 "), head);
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("authority", own.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(tunnel, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    opened(socket);
    socket.startHandshake();
    return socket;
  }

  private String curl(String... arguments) throws Exception {
    boolean there;
    try {
      Process asked = new ProcessBuilder("curl", "--version").start();
      String about = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      there = asked.waitFor() == 0 && about.contains("HTTP2");
    } catch (IOException e) {
      there = false;
    }
    if (System.getenv("CI") != null) assertTrue(there, "curl with HTTP/2 is needed");
    Assumptions.assumeTrue(there, "there is no curl with HTTP/2");
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "20", "--noproxy", ""));
    command.addAll(List.of("-x", "http://127.0.0.1:" + proxy.port()));
    command.addAll(List.of("--cacert", ownPem.toString(), "-w", " %{http_version}"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return out;
  }

  private static int run(Path home, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command[0] + " does not end");
    }
    return process.exitValue();
  }

  private void needs(String command) throws Exception {
    boolean there;
    try {
      run(directory, command, "--help");
      there = true;
    } catch (IOException e) {
      there = false;
    }
    if (System.getenv("CI") != null) assertTrue(there, command + " is needed");
    Assumptions.assumeTrue(there, "there is no " + command);
  }

  @Test
  void browserThatTrustsTheAuthorityIsServed() throws Exception {
    needs("chromium");
    needs("certutil");
    Proxy origin = newOrigin();
    proxy(origin.port());
    Path home = Files.createDirectories(directory.resolve("home"));
    Path trust = Files.createDirectories(home.resolve(".pki/nssdb"));
    String store = "sql:" + trust;
    assertEquals(0, run(home, "certutil", "-d", store, "-N", "--empty-password"));
    assertEquals(
        0,
        run(home, "certutil", "-d", store, "-A", "-t", "C,,", "-n", "headgate", "-i", "" + ownPem));
    Path page = home.resolve("page");
    ProcessBuilder builder =
        new ProcessBuilder(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + home.resolve("profile"),
            "--proxy-server=http://127.0.0.1:" + proxy.port(),
            "--dump-dom",
            "https://a.test:" + origin.port() + "/page");
    builder.environment().put("HOME", home.toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(page.toFile());
    Process browser = builder.start();
    try {
      assertTrue(browser.waitFor(90, TimeUnit.SECONDS), "chromium does not end");
    } finally {
      browser.destroyForcibly();
      // Its other processes write to the profile as long as they run.
      String profile = home.toString();
      for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
        if (!process.info().commandLine().orElse("").contains(profile)) continue;
        process.destroyForcibly();
        process.onExit().get(CEILING_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
    assertTrue(Files.readString(page).contains("hello"), () -> "seen: " + witness.seen);
    assertTrue(witness.seen.contains("HTTP_2 /page"), () -> "seen: " + witness.seen);
  }

  @Test
  void http2IsSpokenWhereTheUpstreamSpeaksIt() throws Exception {
    Proxy origin = newOrigin();
    proxy(origin.port());
    assertEquals("hello 2", curl("--http2", "https://a.test:" + origin.port() + "/x"));
    assertEquals("HTTP_2 /x", witness.seen.get(0));
    assertEquals("HTTP_2 /x", upstream.seen.get(0));
    assertEquals("hello 1.1", curl("--http1.1", "https://a.test:" + origin.port() + "/y"));
    assertEquals("HTTP_1_1 /y", witness.seen.get(1));
    assertEquals("HTTP_2 /y", upstream.seen.get(1));
  }

  @Test
  void http2IsNotSpokenWhereTheUpstreamDoesNot() throws Exception {
    OldOrigin origin = opened(new OldOrigin(keys, PASSWORD, threads));
    proxy(origin.port());
    assertEquals("hello 1.1", curl("--http2", "https://a.test:" + origin.port() + "/x"));
    assertEquals(List.of("HTTP_1_1 /x"), witness.seen);
    assertThrows(
        IOException.class, () -> open("a.test", origin.port(), "h2").getInputStream().read());
  }

  @Test
  void connectionThatProvedTheUpstreamIsUsed() throws Exception {
    OldOrigin origin = opened(new OldOrigin(keys, PASSWORD, threads));
    proxy(origin.port());
    isServed(open("a.test", origin.port()));
    assertEquals(1, origin.connections.get());
    // Later ones use it too, but for one that is quicker than the end of the exchange before.
    boolean used = false;
    for (int i = 0; i < 20 && !used; i++) {
      int before = origin.connections.get();
      isServed(open("a.test", origin.port()));
      used = origin.connections.get() == before;
    }
    assertTrue(used, () -> origin.connections + " connections");
  }

  private static void isServed(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"));
    assertTrue(readHead(socket.getInputStream()).startsWith("HTTP/1.1 200 "));
    assertEquals(
        "hello", new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
  }

  @Test
  void webSocketOpensInside() throws Exception {
    OldOrigin origin = opened(new OldOrigin(keys, PASSWORD, threads));
    proxy(origin.port());
    SSLSocket socket = open("a.test", origin.port(), "http/1.1");
    socket
        .getOutputStream()
        .write(
            head(
                "GET /chat HTTP/1.1",
                "Host: a.test",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
    String head = readHead(socket.getInputStream());
    assertTrue(head.startsWith("HTTP/1.1 101 "), head);
    socket.getOutputStream().write(ascii("as it is"));
    assertEquals(
        "as it is", new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII));
    assertEquals(List.of("HTTP_1_1 /chat websocket"), witness.seen);
  }
}
