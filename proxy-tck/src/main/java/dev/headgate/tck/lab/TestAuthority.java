package dev.headgate.tck.lab;

import dev.headgate.core.tls.LeafCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of one run of a rule. Thread-safe. */
public final class TestAuthority {
  private final LeafCertificates leaves;
  private final Path pem;

  TestAuthority(LeafCertificates leaves) {
    this.leaves = leaves;
    try {
      this.pem = Files.createTempFile("headgate-tck", ".pem");
      Files.writeString(pem, leaves.authorityPem(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns what makes certificates for hosts.
   *
   * @return as the environment supplied it
   */
  public LeafCertificates leaves() {
    return leaves;
  }

  /**
   * Returns the authority's certificate as a file.
   *
   * @return PEM, deleted after the rule
   */
  public Path pemFile() {
    return pem;
  }

  /**
   * Returns what clients speak TLS with that trust this authority and no other.
   *
   * @return a context without a key
   */
  public SSLContext trusting() {
    try {
      byte[] text = leaves.authorityPem().getBytes(StandardCharsets.US_ASCII);
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry(
          "authority",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(text)));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an authority can't be trusted", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns what an upstream speaks TLS with.
   *
   * @param host for whom it has a certificate of this authority, such as {@code *.test}
   * @return a context with the key
   */
  public SSLContext serving(String host) {
    return Waits.on(
        "a certificate for " + host, leaves.context(host, Runnable::run).toCompletableFuture());
  }

  void close() {
    try {
      Files.deleteIfExists(pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
