package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.tls.ListenerTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A forward proxy that clients speak to inside TLS, and that asks them who they are: curl, and over
 * HTTP/2 Node and Chromium.
 */
class SecureProxyTest {
  @TempDir Path directory;
  private final Notes notes = new Notes();
  private TestOrigin origin;
  private SelfSigned own;
  private Proxy proxy;

  /** Notes what was asked for, and in which version. */
  private static final class Notes implements ProxyPlugin, Interceptor {
    final List<String> requests = new CopyOnWriteArrayList<>();

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
      requests.add(ctx.request().method() + " " + ctx.request().version());
      return RequestDecision.proceed();
    }

    @Override
    public ConnectDecision onConnect(ConnectContext ctx) {
      requests.add("CONNECT " + ctx.destination() + " " + ctx.request().version());
      return ConnectDecision.proceed();
    }
  }

  @BeforeEach
  void start() throws Exception {
    own = SelfSigned.make(directory);
    origin = new TestOrigin(directory);
    proxy = secured().start();
  }

  private ProxyBuilder secured() {
    return origin
        .proxy(true)
        .tls(ListenerTls.builder().certificate(own.certificate(), own.key()).build())
        .plugin(notes);
  }

  /** Has the proxy look into all tunnels. */
  private void inspect() throws Exception {
    proxy.close();
    proxy = origin.inspected(secured()).start();
  }

  @AfterEach
  void stop() {
    if (proxy != null) proxy.close();
    if (origin != null) origin.close();
  }

  private String address() {
    return "https://127.0.0.1:" + proxy.port();
  }

  private List<String> curl(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-q", "-sS", "-k", "-x", address()));
    command.addAll(List.of("--proxy-cacert", own.certificate().toString()));
    command.addAll(List.of("--proxy-user", "ann:secret"));
    command.addAll(List.of(options));
    command.addAll(List.of(origin.plainUrl("/a"), origin.secureUrl("/b"), origin.secureUrl("/c")));
    return Peer.run(command.toArray(String[]::new));
  }

  @Test
  void curlReachesHttpAndHttps() throws Exception {
    Tools.version("curl", "--version");
    assertEquals(List.of("/a served", "/b served", "/c served"), curl());
    assertEquals(
        List.of("GET HTTP_1_1", "CONNECT " + origin.authority() + " HTTP_1_1"), notes.requests);
  }

  @Test
  void curlReachesHttpAndHttpsOverHttp2() throws Exception {
    Tools.version("curl", "--version");
    boolean able =
        Peer.run("curl", "--help", "all").stream().anyMatch(line -> line.contains("--proxy-http2"));
    Assumptions.assumeTrue(able, "this curl can't speak HTTP/2 with a proxy, as 8.1 and newer can");
    assertEquals(List.of("/a served", "/b served", "/c served"), curl("--proxy-http2"));
    assertTrue(
        notes.requests.contains("CONNECT " + origin.authority() + " HTTP_2"),
        notes.requests::toString);
  }

  @Test
  void nodeOpensTunnelsOnOneConnectionOfHttp2() throws Exception {
    NodeModules.prepare();
    String pem = own.certificate().toString();
    List<String> output =
        Peer.run(
            NodeModules.command(
                    "connect.mjs",
                    address(),
                    pem,
                    origin.certificate().toString(),
                    "ann:secret",
                    origin.authority(),
                    "/a",
                    "/b",
                    "/c")
                .toArray(String[]::new));
    assertEquals("CONNECT 407 Basic realm=\"peers\", charset=\"UTF-8\"", output.get(0));
    assertEquals(
        List.of(
            "200 /a served",
            "200 /b served",
            "200 /c served",
            "CONNECT 200 without length",
            "CONNECT 200 without length",
            "CONNECT 200 without length"),
        output.subList(1, output.size()).stream().sorted().toList());
    String tunnel = "CONNECT " + origin.authority() + " HTTP_2";
    assertEquals(List.of(tunnel, tunnel, tunnel), notes.requests);
  }

  @Test
  void nodeIsSeenInTunnelsOverHttp2() throws Exception {
    NodeModules.prepare();
    inspect();
    List<String> output =
        Peer.run(
            NodeModules.command(
                    "connect.mjs",
                    address(),
                    own.certificate().toString(),
                    origin.inspector().toString(),
                    "ann:secret",
                    origin.authority(),
                    "/a",
                    "/b")
                .toArray(String[]::new));
    assertTrue(output.containsAll(List.of("200 /a served", "200 /b served")), output::toString);
    String tunnel = "CONNECT " + origin.authority() + " HTTP_2";
    assertEquals(
        List.of(tunnel, tunnel, "GET HTTP_1_1", "GET HTTP_1_1"),
        notes.requests.stream().sorted().toList());
  }

  @Test
  void chromiumIsSeenInTunnelsOverHttp2() throws Exception {
    Tools.version("chromium", "--version");
    NodeModules.prepare();
    inspect();
    List<String> output =
        Peer.run(
            NodeModules.command(
                    "browse.mjs",
                    address(),
                    "ann",
                    "secret",
                    "-", // it can't be told to trust an authority here
                    origin.secureUrl("/a"),
                    origin.secureUrl("/b"))
                .toArray(String[]::new));
    assertEquals(List.of("200 /a served", "200 /b served"), output);
    assertTrue(
        notes.requests.containsAll(
            List.of("CONNECT " + origin.authority() + " HTTP_2", "GET HTTP_1_1")),
        notes.requests::toString);
  }

  @Test
  void chromiumBrowsesOverHttp2() throws Exception {
    Tools.version("chromium", "--version");
    NodeModules.prepare();
    String trusted = own.pin() + "," + SelfSigned.pin(origin.certificate());
    List<String> output =
        Peer.run(
            NodeModules.command(
                    "browse.mjs",
                    address(),
                    "ann",
                    "secret",
                    trusted,
                    origin.plainUrl("/a"),
                    origin.secureUrl("/b"))
                .toArray(String[]::new));
    assertEquals(List.of("200 /a served", "200 /b served"), output);
    for (String asked : List.of("GET HTTP_2", "CONNECT " + origin.authority() + " HTTP_2")) {
      assertTrue(notes.requests.contains(asked), notes.requests::toString);
    }
  }
}
