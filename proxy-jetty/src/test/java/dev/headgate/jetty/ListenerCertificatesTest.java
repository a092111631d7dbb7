package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.core.tls.ClientCertificates;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.jetty.TestAuthority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which certificate clients of TLS see, from which files, and what a reload changes. */
class ListenerCertificatesTest extends ListenerTlsWireTest {
  @Test
  void choosesTheCertificateByName() throws Exception {
    Issued exact = authority.issueRsa("www.example.test");
    Issued wild = authority.issue("*.example.test", "example.test");
    Path store = wild.writeStore(directory.resolve("wild.p12"));
    Path rsaChain = exact.writeChain(directory.resolve("rsa.pem"));
    Path rsaKey = exact.writeKey(directory.resolve("rsa.key"));
    Proxy proxy =
        secured(tls -> tls.certificate(rsaChain, rsaKey).keyStore(store, TestAuthority.PASSWORD));
    assertEquals(byDefault.own(), shown(proxy, null));
    assertEquals(byDefault.own(), shown(proxy, "localhost"));
    assertEquals(byDefault.own(), shown(proxy, "unknown.test"));
    assertEquals(exact.own(), shown(proxy, "www.example.test"));
    assertEquals(exact.own(), shown(proxy, "WWW.example.TEST"));
    assertEquals(wild.own(), shown(proxy, "api.example.test"));
    assertEquals(wild.own(), shown(proxy, "example.test"));
    // A wildcard stands for one label.
    assertEquals(byDefault.own(), shown(proxy, "a.b.example.test"));
  }

  @Test
  void readsKeysOfOlderForms() throws Exception {
    Issued rsa = authority.issueRsa("rsa.test");
    Issued ec = authority.issue("ec.test");
    Path rsaChain = rsa.writeChain(directory.resolve("rsa.pem"));
    Path rsaKey = rsa.writeOldKey(directory.resolve("rsa.key"));
    Path ecChain = ec.writeChain(directory.resolve("ec.pem"));
    Path ecKey = ec.writeOldKey(directory.resolve("ec.key"));
    assertTrue(Files.readString(rsaKey).contains("BEGIN RSA PRIVATE KEY"));
    assertTrue(Files.readString(ecKey).contains("BEGIN EC PRIVATE KEY"));
    Proxy proxy = secured(tls -> tls.certificate(rsaChain, rsaKey).certificate(ecChain, ecKey));
    assertEquals(rsa.own(), shown(proxy, "rsa.test"));
    assertEquals(ec.own(), shown(proxy, "ec.test"));
  }

  @Test
  void reloadsWhileConnectionsLive() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Wire before = client(proxy, trusting());
    before.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();

    Issued next = authority.issue("localhost", "127.0.0.1");
    next.writeChain(chain);
    next.writeKey(key);
    proxy.reloadTls();
    assertEquals(next.own(), shown(proxy, null));
    upstream.send(ok("still here"));
    assertEquals("still here", before.readBody(before.readHead()));
    served(before, get("/again"), upstream);

    Files.writeString(key, "no key");
    ConfigurationException failure = assertThrows(ConfigurationException.class, proxy::reloadTls);
    assertTrue(failure.getMessage().contains("stays as it was"), failure.getMessage());
    assertTrue(failure.mistakes().get(0).contains(key.toString()), failure.getMessage());
    assertEquals(next.own(), shown(proxy, null));
    served(before, get("/and-again"), upstream);
  }

  @Test
  void tellsMistakesAtTheStart() throws Exception {
    Issued other = authority.issue("other.test");
    Issued expired = authority.issueExpired("old.test");
    Path missing = directory.resolve("missing.pem");
    Path otherKey = other.writeKey(directory.resolve("other.key"));
    Path oldChain = expired.writeChain(directory.resolve("old.pem"));
    Path oldKey = expired.writeKey(directory.resolve("old.key"));
    Path store = other.writeStore(directory.resolve("other.p12"));
    Path text = Files.writeString(directory.resolve("text"), "nothing");
    ListenerTls tls =
        ListenerTls.builder()
            .certificate(missing, key)
            .certificate(chain, otherKey)
            .certificate(oldChain, oldKey)
            .certificate(chain, text)
            .keyStore(store, "wrong".toCharArray())
            .clientCertificates(ClientCertificates.REQUIRED)
            .handshakeTimeout(Duration.ZERO)
            .build();
    ProxyBuilder builder = Proxy.builder().engine(engine).route("/**", origin.uri()).tls(tls);
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> builder.start());
    String all = String.join("\n", failure.mistakes());
    assertEquals(7, failure.mistakes().size(), all);
    assertTrue(all.contains("'" + missing + "' must be a PEM file, but there is none"), all);
    assertTrue(all.contains(otherKey + "' must belong to the first certificate in '" + chain), all);
    assertTrue(all.contains(oldChain + "' must be valid, but expired"), all);
    assertTrue(all.contains("'" + text + "' must hold a PEM key"), all);
    assertTrue(all.contains("'" + store + "' must open with the password given"), all);
    assertTrue(all.contains("no authority is given"), all);
    assertTrue(all.contains("handshake timeout must be above zero"), all);
  }

  @Test
  void oldFilesAreReplacedAtOnce() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Issued next = authority.issueRsa("localhost");
    Files.move(
        next.writeChain(directory.resolve("next")), chain, StandardCopyOption.REPLACE_EXISTING);
    // The key still is the old one: the reload is refused as a whole.
    assertThrows(ConfigurationException.class, proxy::reloadTls);
    assertEquals(byDefault.own(), shown(proxy, "localhost"));
    next.writeKey(key);
    proxy.reloadTls();
    assertEquals(next.own(), shown(proxy, "localhost"));
  }
}
