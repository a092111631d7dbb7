package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Clients, a proxy that looks into their tunnels, and an https origin, over the wire. */
abstract class InspectedWire {
  static final int CEILING_MILLIS = 20_000;
  static final AttributeKey<String> TUNNEL = AttributeKey.named("tunnel");
  @TempDir Path directory;
  final CertificateAuthority web = CertificateAuthority.inMemory();
  final CertificateAuthority own = CertificateAuthority.inMemory();
  final MintedLeaves leaves = new MintedLeaves(own, 1000, Clock.systemUTC());
  final ExecutorService threads = Executors.newCachedThreadPool();
  final Witness witness = new Witness();
  HttpsServer origin;
  Path webPem;
  Path ownPem;
  Proxy proxy;

  /** Sees what passes. */
  static final class Witness implements ProxyPlugin, Interceptor {
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
  HttpsServer serve(CertificateAuthority authority) throws Exception {
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

  int port() {
    return origin.getAddress().getPort();
  }

  Proxy proxy(UnaryOperator<InspectOptions.Builder> settings) {
    return proxy(settings, forward -> forward);
  }

  Proxy proxy(
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

  static SSLContext trusting(CertificateAuthority authority) throws Exception {
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

  HttpClient client(CertificateAuthority trusted) throws Exception {
    return HttpClient.newBuilder()
        .proxy(
            ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
        .sslContext(trusting(trusted))
        .build();
  }

  HttpRequest.Builder request(String host, String path) {
    return HttpRequest.newBuilder(URI.create("https://" + host + ":" + port() + path))
        .version(HttpClient.Version.HTTP_1_1);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(CEILING_MILLIS);
    return socket;
  }

  String connectLine(String host) {
    String authority = host + ":" + port();
    return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
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

  /** Opens a tunnel and TLS in it. */
  SSLSocket tls(Socket tunnel, String host, CertificateAuthority trusted) throws Exception {
    SSLSocket socket =
        (SSLSocket) trusting(trusted).getSocketFactory().createSocket(tunnel, host, port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(CEILING_MILLIS);
    return socket;
  }

  SSLSocket open(String host, CertificateAuthority trusted) throws Exception {
    Socket tunnel = connect();
    tunnel.getOutputStream().write(connectLine(host).getBytes(StandardCharsets.US_ASCII));
    String head = readHead(tunnel.getInputStream());
    assertTrue(head.startsWith("HTTP/1.1 200 "), head);
    SSLSocket socket = tls(tunnel, host, trusted);
    socket.startHandshake();
    return socket;
  }

  static Principal issuer(SSLSocket socket) throws Exception {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getIssuerX500Principal();
  }

  Principal issuerOf(CertificateAuthority authority) {
    return authority.certificate().getSubjectX500Principal();
  }
}
