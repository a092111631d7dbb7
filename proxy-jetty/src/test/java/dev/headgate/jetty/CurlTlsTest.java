package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.tls.ClientCertificates;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.jetty.TestAuthority.Issued;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl, with OpenSSL's TLS, as the client. */
class CurlTlsTest extends WireTest {
  @TempDir static Path directory;
  private static Path trusted;
  private static Issued own;

  private record Run(int exit, String out, String err) {}

  @BeforeAll
  static void prepare() throws Exception {
    boolean there;
    try {
      there = new ProcessBuilder("curl", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    if (System.getenv("CI") != null) assertTrue(there, "curl is needed");
    Assumptions.assumeTrue(there, "there is no curl");
    TestAuthority authority = new TestAuthority("test authority");
    trusted = authority.write(directory.resolve("authority.pem"));
    own = authority.issue("proxy.example.test");
  }

  private Proxy secured(ListenerTls.Builder tls) throws IOException {
    Path chain = own.writeChain(directory.resolve("chain.pem"));
    Path key = own.writeKey(directory.resolve("key.pem"));
    return proxy(b -> b.tls(tls.certificate(chain, key).build()).allowHosts("proxy.example.test"));
  }

  private static Run curl(Proxy proxy, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-m", "20"));
    command.addAll(List.of("--cacert", trusted.toString()));
    command.addAll(List.of("--resolve", "proxy.example.test:" + proxy.port() + ":127.0.0.1"));
    command.addAll(List.of(arguments));
    command.add("https://proxy.example.test:" + proxy.port() + "/x");
    Path err = Files.createTempFile(directory, "curl", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Run(process.exitValue(), out, Files.readString(err));
  }

  private void answer() {
    origin.serve(
        wire -> {
          while (true) {
            wire.readHead();
            wire.send(ok("served"));
          }
        });
  }

  @Test
  void checksTheCertificateAndIsServed() throws Exception {
    answer();
    Proxy proxy = secured(ListenerTls.builder());
    for (String version : List.of("--tls-max 1.2", "--tlsv1.3", "--http1.1", "--no-alpn")) {
      Run run = curl(proxy, version.split(" "));
      assertEquals(0, run.exit(), run.err());
      assertEquals("served", run.out());
    }
  }

  @Test
  void mustShowItsCertificateWhereThatIsRequired() throws Exception {
    answer();
    TestAuthority clients = new TestAuthority("authority of clients");
    Path authorities = clients.write(directory.resolve("clients.pem"));
    Issued alice = clients.issue("alice");
    Path chain = alice.writeChain(directory.resolve("alice.pem"));
    Path key = alice.writeKey(directory.resolve("alice.key"));
    Proxy proxy =
        secured(ListenerTls.builder().clientCertificates(ClientCertificates.REQUIRED, authorities));
    Run without = curl(proxy);
    assertTrue(without.exit() != 0, without.out());
    Run with = curl(proxy, "--cert", chain.toString(), "--key", key.toString());
    assertEquals(0, with.exit(), with.err());
    assertEquals("served", with.out());
  }
}
