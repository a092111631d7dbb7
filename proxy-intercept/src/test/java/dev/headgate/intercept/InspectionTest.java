package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.InspectOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What is looked into, with which certificate, and what clients get. */
class InspectionTest extends InspectedWire {
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
