package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.core.tls.UpstreamTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with curl and nghttp2 as clients, and nginx as upstream, in cleartext and inside TLS. */
class Http2Test {
  private static final int LARGE = 20 * 1024 * 1024;

  @TempDir static Path directory;
  private static Path certificate;
  private static Path key;
  private static Peer nginx;
  private static int clearPort;
  private static int securePort;

  private static final int TRIES = 5;

  private Proxy clear;
  private Proxy secure;

  @BeforeAll
  static void startNginx() throws Exception {
    Tools.version("curl", "--version");
    Tools.version("nghttp", "--version");
    Tools.version("h2load", "--version");
    Tools.version("nginx", "-v");
    SelfSigned made = SelfSigned.make(directory);
    certificate = made.certificate();
    key = made.key();
    Files.write(directory.resolve("large"), new byte[LARGE]);
    for (int i = 0; i < TRIES && nginx == null; i++) startNginxOnFreePorts();
    if (nginx == null) throw new AssertionError("nginx found no free ports");
  }

  private static void startNginxOnFreePorts() throws Exception {
    clearPort = freePort();
    securePort = freePort();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, configuration());
    Peer started =
        new Peer(
            List.of(
                "nginx",
                "-p",
                directory.toString(),
                "-c",
                configuration.toString(),
                "-e",
                directory.resolve("error.log").toString()));
    if (listens(started, securePort)) {
      nginx = started;
    } else {
      started.close(); // somebody else took a port
    }
  }

  private static String configuration() {
    return """
    daemon off; master_process off; pid %1$s/nginx.pid;
    events { worker_connections 256; }
    http {
      access_log off; client_max_body_size 0; root %1$s;
      client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
      server { listen 127.0.0.1:%2$d; location /taken { return 200 "$content_length\\n"; } }
      server {
        listen 127.0.0.1:%3$d ssl http2;
        keepalive_requests 100; # so that connections end all the time
        ssl_certificate %1$s/certificate.pem; ssl_certificate_key %1$s/key.pem;
        location /version { return 200 "$server_protocol\\n"; }
        location /taken { proxy_pass http://127.0.0.1:%2$d; }
      }
    }
    """
        .formatted(directory, clearPort, securePort);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it listens; false when it has ended instead. It binds all ports, or none. */
  private static boolean listens(Peer started, int port) throws Exception {
    long deadline = System.nanoTime() + Waiting.CEILING.toNanos();
    while (started.runs()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return true;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) throw new AssertionError(started.describe(), e);
        Thread.onSpinWait();
      }
    }
    return false;
  }

  @AfterAll
  static void stopNginx() throws Exception {
    if (nginx != null) nginx.close();
  }

  /** All requests go to nginx: by HTTP/2 inside TLS below {@code /}, by HTTP/1.1 elsewhere. */
  @BeforeEach
  void startProxies() {
    Route two =
        Route.builder("/**")
            .target("https://localhost:" + securePort)
            .protocol(Destination.Protocol.NEGOTIATED)
            .upstreamTls(UpstreamTls.builder().authorities(certificate).build())
            .build();
    clear = Proxy.builder().route(two).start();
    secure =
        Proxy.builder()
            .route(two)
            .tls(ListenerTls.builder().certificate(certificate, key).build())
            .start();
  }

  @AfterEach
  void stopProxies() {
    clear.close();
    secure.close();
    assertEquals(0, clear.inFlight() + secure.inFlight());
  }

  private static List<String> run(String... command) throws Exception {
    try (Peer peer = new Peer(List.of(command))) {
      List<String> output = peer.rest();
      assertEquals(0, peer.exit(), () -> peer.describe() + output);
      return output;
    }
  }

  private List<String> curl(Proxy proxy, String version, String path, String... more)
      throws Exception {
    String scheme = proxy == secure ? "https" : "http";
    String url = scheme + "://localhost:" + proxy.port() + path;
    String[] command = {
      "curl", "-sS", version, "--cacert", certificate.toString(), "-w", "%{http_version}\\n", url
    };
    return run(Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void eachVersionMeetsHttp2AtTheUpstream() throws Exception {
    assertEquals(List.of("HTTP/2.0", "1.1"), curl(clear, "--http1.1", "/version"));
    assertEquals(List.of("HTTP/2.0", "2"), curl(clear, "--http2-prior-knowledge", "/version"));
    assertEquals(List.of("HTTP/2.0", "1.1"), curl(secure, "--http1.1", "/version"));
    assertEquals(List.of("HTTP/2.0", "2"), curl(secure, "--http2", "/version"));
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    Path copy = directory.resolve("copy");
    for (Proxy proxy : List.of(clear, secure)) {
      String version = proxy == clear ? "--http2-prior-knowledge" : "--http2";
      assertEquals(List.of("2"), curl(proxy, version, "/large", "-o", copy.toString()));
      assertEquals(LARGE, Files.size(copy));
      assertEquals(
          List.of(Integer.toString(LARGE), "2"),
          curl(proxy, version, "/taken", "-T", directory.resolve("large").toString()));
    }
  }

  @Test
  void nghttpSeesOnlyWhatItShould() throws Exception {
    for (Proxy proxy : List.of(clear, secure)) {
      String scheme = proxy == secure ? "https" : "http";
      List<String> trace =
          run("nghttp", "-nv", scheme + "://localhost:" + proxy.port() + "/version");
      String all = String.join("\n", trace);
      assertTrue(all.contains(":status: 200"), all);
      assertTrue(all.contains("END_STREAM"), all);
      assertTrue(!all.contains("RST_STREAM"), all);
    }
  }

  /** nginx ends its connections after 1,000 requests each, amid the 400 streams of the load. */
  @Test
  void h2loadGetsAllItsAnswers() throws Exception {
    for (Proxy proxy : List.of(clear, secure)) {
      String scheme = proxy == secure ? "https" : "http";
      List<String> output =
          run(
              "h2load",
              "-n",
              "4000",
              "-c",
              "8",
              "-m",
              "50",
              scheme + "://localhost:" + proxy.port() + "/version");
      String all = String.join("\n", output);
      assertTrue(all.contains("4000 succeeded, 0 failed, 0 errored, 0 timeout"), all);
      assertTrue(all.contains("4000 2xx"), all);
    }
  }
}
