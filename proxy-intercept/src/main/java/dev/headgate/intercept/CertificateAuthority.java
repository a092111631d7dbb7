package dev.headgate.intercept;

import dev.headgate.core.tls.LeafCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;

/**
 * Signs the certificates that clients see when a proxy looks into their tunnels. Clients must trust
 * it; whoever has its key can pose as any host towards them, so that it should be made on the
 * machine that uses it, and stay there. Immutable, for any thread.
 */
public final class CertificateAuthority {
  /** How many hosts' certificates are kept at hand, where nothing else is said. */
  public static final int DEFAULT_HOSTS = 2000;

  /** The index of keyCertSign (RFC 5280 section 4.2.1.3). */
  private static final int SIGNS_CERTIFICATES = 5;

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  CertificateAuthority(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  /**
   * Opens the authority of a PKCS12 file, or makes a new one and keeps it there, readable by its
   * owner only (mode 0600). Several processes may do so at once: all get the same one. Blocks.
   *
   * @param file the file; its directory must exist
   * @param password of the file and the key in it
   * @return the authority
   * @throws IOException if the file can't be read or written, is readable by others, or does not
   *     hold an authority that is valid; the message names file and expectation
   */
  public static CertificateAuthority open(Path file, char[] password) throws IOException {
    return AuthorityFile.open(file, password.clone(), Clock.systemUTC());
  }

  /**
   * Makes a new authority, which is gone with the process.
   *
   * @return the authority, valid for five years
   */
  public static CertificateAuthority inMemory() {
    return Issuer.newAuthority(Clock.systemUTC());
  }

  /**
   * Uses an authority that is there.
   *
   * @param key its key, RSA or EC
   * @param chain its certificate, then those that lead to one that clients trust
   * @return the authority
   * @throws IllegalArgumentException if the first certificate may not sign others, is not valid
   *     now, or is not the key's; or if one is not signed by the next
   */
  public static CertificateAuthority of(PrivateKey key, List<X509Certificate> chain) {
    return of(key, chain, Clock.systemUTC());
  }

  static CertificateAuthority of(PrivateKey key, List<X509Certificate> chain, Clock clock) {
    Objects.requireNonNull(key, "key");
    if (chain.isEmpty()) throw new IllegalArgumentException("an authority needs a certificate");
    X509Certificate own = chain.get(0);
    boolean[] usage = own.getKeyUsage();
    if (own.getBasicConstraints() < 0 || (usage != null && !usage[SIGNS_CERTIFICATES])) {
      throw new IllegalArgumentException(
          "the certificate of '"
              + own.getSubjectX500Principal()
              + "' must be one of an authority, but may not sign others");
    }
    try {
      for (X509Certificate each : chain) each.checkValidity(Date.from(clock.instant()));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "the certificates of '"
              + own.getSubjectX500Principal()
              + "' must be valid now, but one is not: "
              + e.getMessage(),
          e);
    }
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate above = chain.get(i);
      if (!Issuer.isSigned(chain.get(i - 1), above)) {
        throw new IllegalArgumentException(
            "each certificate must be signed by the next, but '"
                + chain.get(i - 1).getSubjectX500Principal()
                + "' is not by '"
                + above.getSubjectX500Principal()
                + "'");
      }
    }
    try {
      if (!Issuer.belong(key, own)) {
        throw new IllegalArgumentException(
            "the key must be that of '" + own.getSubjectX500Principal() + "', but is another one");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the key must be an RSA or EC key, but was " + key.getAlgorithm(), e);
    }
    return new CertificateAuthority(key, chain);
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  /** What signs the leaves. */
  X509Certificate issuer() {
    return chain.get(0);
  }

  /**
   * Returns what clients must trust.
   *
   * @return the last certificate of the chain, without a key: the authority's own, or the one that
   *     its chain leads to
   */
  public X509Certificate certificate() {
    return chain.get(chain.size() - 1);
  }

  /**
   * Returns what clients must trust, as text.
   *
   * @return the certificate in PEM, without a key
   */
  public String pem() {
    try {
      Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
      return "-----BEGIN CERTIFICATE-----\n"
          + base64.encodeToString(certificate().getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read can't be written", e);
    }
  }

  /**
   * Writes what clients must trust, for {@code curl --cacert} and the like.
   *
   * @param file replaced if it is there
   * @throws IOException if it can't be written
   */
  public void writePem(Path file) throws IOException {
    Files.writeString(file, pem(), StandardCharsets.US_ASCII);
  }

  /**
   * Returns what makes certificates for hosts on demand.
   *
   * @return with {@link #DEFAULT_HOSTS} hosts kept at hand
   */
  public LeafCertificates leaves() {
    return leaves(DEFAULT_HOSTS);
  }

  /**
   * Returns what makes certificates for hosts on demand.
   *
   * @param hosts how many hosts' certificates are kept at hand, 1 or more; those used least go
   *     first
   * @return with a cache of its own
   * @throws IllegalArgumentException if hosts is below 1
   */
  public LeafCertificates leaves(int hosts) {
    if (hosts < 1) throw new IllegalArgumentException("hosts must be 1 or more, but was " + hosts);
    return new MintedLeaves(this, hosts, Clock.systemUTC());
  }
}
