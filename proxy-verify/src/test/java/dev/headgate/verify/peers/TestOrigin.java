package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.egress.ProxyAuthenticator;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.intercept.CertificateAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What clients of a forward proxy ask for: {@code origin.test}, over HTTP and over HTTPS. The name
 * exists for the proxy only (RFC 6761), so that what a client gets of it came through the proxy.
 */
final class TestOrigin implements AutoCloseable {
  private static final String NAME = "origin.test";
  private static final String PASSWORD = "changeit";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer plain;
  private final HttpsServer secure;
  private final Path certificate;
  private final Path inspector;

  /**
   * Starts it.
   *
   * @param directory for its keys
   */
  TestOrigin(Path directory) throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    KeyStore keys = selfSigned(directory.resolve("origin.p12"));
    certificate = directory.resolve("origin.pem");
    inspector = directory.resolve("inspector.pem");
    Files.writeString(
        certificate,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("origin").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    plain = HttpServer.create(loopback, 0);
    secure = HttpsServer.create(loopback, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    for (HttpServer server : List.of(plain, secure)) {
      server.setExecutor(threads);
      server.start();
    }
    serve("/", TestOrigin::greet);
  }

  private static KeyStore selfSigned(Path file) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process keytool =
        new ProcessBuilder(
                List.of(
                    tool,
                    "-genkeypair",
                    "-alias",
                    "origin",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + NAME,
                    "-ext",
                    "SAN=dns:" + NAME,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keystore",
                    file.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, keytool.waitFor(), output);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static SSLContext context(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** What is asked for, and whether the proxy's credentials came along, as they must not. */
  private static void greet(HttpExchange exchange) throws IOException {
    boolean credentials = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
    String text = exchange.getRequestURI() + (credentials ? " with credentials\n" : " served\n");
    send(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Serves what is asked for below a path, over HTTP and over HTTPS. */
  void serve(String path, HttpHandler handler) {
    plain.createContext(path, handler);
    secure.createContext(path, handler);
  }

  /** Serves the files of a directory below a path. */
  void serveFiles(String path, Path root) {
    serve(
        path,
        exchange -> {
          Path file = root.resolve(exchange.getRequestURI().getPath().substring(path.length()));
          boolean found = Files.isRegularFile(file);
          send(exchange, found ? 200 : 404, found ? Files.readAllBytes(file) : new byte[0]);
        });
  }

  String plainUrl(String path) {
    return "http://" + NAME + ":" + plain.getAddress().getPort() + path;
  }

  String secureUrl(String path) {
    return "https://" + authority() + path;
  }

  /** Where HTTPS is served. */
  String authority() {
    return NAME + ":" + secure.getAddress().getPort();
  }

  /** The certificate, which signs for itself, in PEM. */
  Path certificate() {
    return certificate;
  }

  /** Begins a forward proxy for which all names lead to this machine, which its policy allows. */
  ProxyBuilder proxy(boolean authenticates) {
    ForwardOptions.Builder options =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
            .lookup(name -> new InetAddress[] {InetAddress.getLoopbackAddress()})
            .connectPorts(plain.getAddress().getPort(), secure.getAddress().getPort());
    if (authenticates) {
      options.authenticate("peers", ProxyAuthenticator.of(Map.of("ann", "secret")));
    }
    return Proxy.builder().forward(options.build());
  }

  /** Has a proxy look into all tunnels, with an authority of its own, and trust this origin. */
  ProxyBuilder inspected(ProxyBuilder builder) throws IOException {
    CertificateAuthority made = CertificateAuthority.inMemory();
    made.writePem(inspector);
    UpstreamTls trusting = UpstreamTls.builder().authorities(certificate).build();
    return builder.inspect(
        InspectOptions.builder(made.leaves()).hosts("*").upstreamTls(trusting).build());
  }

  /** What clients of a proxy that looks into tunnels must trust, in PEM. */
  Path inspector() {
    return inspector;
  }

  @Override
  public void close() {
    plain.stop(0);
    secure.stop(0);
    threads.shutdownNow();
  }
}
