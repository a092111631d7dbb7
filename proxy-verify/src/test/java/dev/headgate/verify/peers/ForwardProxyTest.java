package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.headgate.Proxy;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.ProxyAuthenticator;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A forward proxy as curl, git, Node and the JDK use one. */
class ForwardProxyTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer plain;
  private HttpsServer secure;

  @BeforeEach
  void startOrigins() throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    plain = HttpServer.create(loopback, 0);
    secure = HttpsServer.create(loopback, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    for (HttpServer server : List.of(plain, secure)) {
      server.setExecutor(threads);
      server.createContext("/", ForwardProxyTest::greet);
      server.start();
    }
  }

  @AfterEach
  void stopOrigins() {
    plain.stop(0);
    secure.stop(0);
    threads.shutdownNow();
  }

  private SSLContext selfSigned() throws Exception {
    Path file = directory.resolve("origin.p12");
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
                    "CN=origin.test",
                    "-ext",
                    "SAN=dns:origin.test",
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
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static void greet(HttpExchange exchange) throws IOException {
    boolean credentials = exchange.getRequestHeaders().containsKey("Proxy-Authorization");
    String text = exchange.getRequestURI() + (credentials ? " with credentials\n" : " served\n");
    send(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** All names lead to this machine, which the policy allows. */
  private Proxy proxy(boolean authenticates) {
    ForwardOptions.Builder options =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
            .lookup(name -> new InetAddress[] {InetAddress.getLoopbackAddress()})
            .connectPorts(plain.getAddress().getPort(), secure.getAddress().getPort());
    if (authenticates) {
      options.authenticate("peers", ProxyAuthenticator.of(Map.of("ann", "secret")));
    }
    return Proxy.builder().forward(options.build()).start();
  }

  private String plainUrl(String path) {
    return "http://origin.test:" + plain.getAddress().getPort() + path;
  }

  private String secureUrl(String path) {
    return "https://origin.test:" + secure.getAddress().getPort() + path;
  }

  private static String address(Proxy proxy) {
    return "http://127.0.0.1:" + proxy.port();
  }

  private static List<String> run(String... command) throws Exception {
    try (Peer peer = new Peer(List.of(command))) {
      List<String> output = peer.rest();
      assertEquals(0, peer.exit(), peer::describe);
      return output;
    }
  }

  @Test
  void curlReachesHttpAndHttps() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(false)) {
      assertEquals(
          List.of("/a served", "/b served", "/c served"),
          run(
              "curl",
              "-q",
              "-sS",
              "-k",
              "-x",
              address(proxy),
              plainUrl("/a"),
              secureUrl("/b"),
              plainUrl("/c")));
    }
  }

  @Test
  void curlSaysWhoItIs() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(true)) {
      String[] curl = {
        "curl", "-q", "-sS", "-k", "-x", address(proxy), "--proxy-user", "ann:secret"
      };
      List<String> command = new ArrayList<>(List.of(curl));
      command.addAll(List.of(plainUrl("/a"), secureUrl("/b")));
      assertEquals(List.of("/a served", "/b served"), run(command.toArray(String[]::new)));
      for (String url : List.of(plainUrl("/"), secureUrl("/"))) {
        for (String user : List.of("ann:wrong", ":")) {
          String[] refused = {
            "curl",
            "-q",
            "-s",
            "-k",
            "-o",
            "-",
            "-w",
            "%{http_code} %{http_connect}",
            "-x",
            address(proxy),
            "--proxy-user",
            user,
            url
          };
          try (Peer peer = new Peer(List.of(refused))) {
            List<String> output = peer.rest();
            assertTrue(output.get(output.size() - 1).contains("407"), output::toString);
          }
        }
      }
    }
  }

  @Test
  void curlWaitsForTheProxyToAskWhoItIs() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(true)) {
      assertEquals(
          List.of("/a served", "/b served"),
          run(
              "curl",
              "-q",
              "-sS",
              "-k",
              "--proxy-anyauth",
              "--proxy-user",
              "ann:secret",
              "-x",
              address(proxy),
              plainUrl("/a"),
              secureUrl("/b")));
    }
  }

  @Test
  void clientOfTheJdkSelectsTheProxyAndAuthenticates() throws Exception {
    try (Proxy proxy = proxy(true)) {
      HttpClient client =
          HttpClient.newBuilder()
              .proxy(
                  ProxySelector.of(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
              .authenticator(
                  new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                      return new PasswordAuthentication("ann", "secret".toCharArray());
                    }
                  })
              .build();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(URI.create(plainUrl("/" + i))).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("/" + i + " served\n", response.body());
      }
    }
  }

  @Test
  void undiciReachesHttpAndHttps() throws Exception {
    NodeModules.prepare();
    try (Proxy proxy = proxy(true)) {
      List<String> command =
          NodeModules.command(
              "undici.mjs", address(proxy), "ann:secret", plainUrl("/a"), secureUrl("/b"));
      assertEquals(List.of("200 /a served", "200 /b served"), run(command.toArray(String[]::new)));
      List<String> unknown = NodeModules.command("undici.mjs", address(proxy), "-", plainUrl("/a"));
      String refused = run(unknown.toArray(String[]::new)).get(0);
      assertTrue(refused.contains("407"), refused);
    }
  }

  @Test
  void gitClones() throws Exception {
    Tools.version("git", "--version");
    Path work = Files.createDirectory(directory.resolve("work"));
    Path bare = directory.resolve("repository.git");
    Files.writeString(work.resolve("file"), "cloned through a proxy\n");
    String at = work.toString();
    run("git", "-C", at, "-c", "init.defaultBranch=main", "init", "-q");
    run("git", "-C", at, "add", "file");
    run(
        "git",
        "-C",
        at,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@a.test",
        "commit",
        "-q",
        "-m",
        "first");
    run("git", "clone", "-q", "--bare", at, bare.toString());
    run("git", "-C", bare.toString(), "update-server-info");
    plain.createContext("/repository.git/", exchange -> serveFile(exchange, directory));
    try (Proxy proxy = proxy(false)) {
      Path clone = directory.resolve("clone");
      run(
          "git",
          "-c",
          "http.proxy=" + address(proxy),
          "clone",
          "-q",
          plainUrl("/repository.git"),
          clone.toString());
      assertEquals("cloned through a proxy\n", Files.readString(clone.resolve("file")));
    }
  }

  private static void serveFile(HttpExchange exchange, Path root) throws IOException {
    Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
    boolean found = Files.isRegularFile(file);
    send(exchange, found ? 200 : 404, found ? Files.readAllBytes(file) : new byte[0]);
  }
}
