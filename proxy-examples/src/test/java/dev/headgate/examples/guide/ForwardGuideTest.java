package dev.headgate.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.egress.ProxyAuthenticator;
import dev.headgate.intercept.CertificateAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardGuideTest {
  private static final int CEILING_MILLIS = 20_000;

  /** Asks for a tunnel, and returns the status line. */
  private static String connect(Proxy proxy, String authority) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout(CEILING_MILLIS);
      String head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  @Test
  void letsInAndOutAsConfigured() throws Exception {
    // tag::forward[]
    Proxy proxy =
        Proxy.builder()
            .forward(
                ForwardOptions.builder()
                    .authenticate("office", ProxyAuthenticator.of(Map.of("ann", "secret")))
                    .addresses(AddressPolicy.builder().allow("10.1.0.0/16").build())
                    .connectPorts(443, 8443)
                    .denyHosts("*.ads.example")
                    .throughHttp(new HostPort("proxy.example", 3128))
                    .direct("*.internal.example")
                    .build())
            .start();
    // end::forward[]
    try (proxy) {
      assertEquals(
          "HTTP/1.1 407 Proxy Authentication Required", connect(proxy, "a.example.com:443"));
    }
  }

  static final class TunnelRules implements ProxyPlugin, Interceptor {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("tunnel-rules").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    // tag::tunnels[]
    @Override
    public ConnectDecision onConnect(ConnectContext ctx) {
      HostPort asked = ctx.destination();
      return switch (asked.host()) {
        case "api.example.com" -> ConnectDecision.inspect(asked);
        case "old.example.com" -> ConnectDecision.tunnel(new HostPort("new.example.com", 443));
        case "db.example.com" ->
            ConnectDecision.refuse(
                new ClientFault(ErrorCode.CONNECT_DENIED, Phase.REQUEST_HOOKS, "Not from here."));
        default -> ConnectDecision.proceed();
      };
    }
    // end::tunnels[]
  }

  @Test
  void looksIntoTunnels(@TempDir Path directory) throws Exception {
    Path keys = directory.resolve("authority.p12");
    Path pem = directory.resolve("authority.pem");
    char[] password = "changeit".toCharArray();
    ProxyPlugin plugin = new TunnelRules();
    // tag::inspect[]
    CertificateAuthority authority = CertificateAuthority.open(keys, password);
    authority.writePem(pem); // what clients must trust
    Proxy proxy =
        Proxy.builder()
            .forward(ForwardOptions.defaults())
            .inspect(
                InspectOptions.builder(authority.leaves())
                    .hosts("*")
                    .passThrough("*.bank.example")
                    .build())
            .plugin(plugin)
            .start();
    // end::inspect[]
    try (proxy) {
      HttpClient client =
          HttpClient.newBuilder()
              .proxy(
                  ProxySelector.of(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
              .build();
      HttpResponse<String> certificate =
          client.send(
              HttpRequest.newBuilder(URI.create("http://headgate.internal/")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(Files.readString(pem), certificate.body());
      assertEquals("HTTP/1.1 403 Forbidden", connect(proxy, "db.example.com:443"));
      assertTrue(connect(proxy, "127.0.0.1:443").startsWith("HTTP/1.1 403 "));
    }
  }
}
