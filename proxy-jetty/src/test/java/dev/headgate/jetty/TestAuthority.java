package dev.headgate.jetty;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Makes certificates at the time of the test. */
final class TestAuthority {
  static final char[] PASSWORD = "changeit".toCharArray();
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A key with its chain, the own certificate first. */
  record Issued(PrivateKey key, List<X509Certificate> chain) {
    X509Certificate own() {
      return chain.get(0);
    }

    /** Writes the chain. */
    Path writeChain(Path file) throws IOException {
      StringWriter text = new StringWriter();
      try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
        for (X509Certificate certificate : chain) pem.writeObject(certificate);
      }
      return Files.writeString(file, text.toString());
    }

    /** Writes the key as PKCS #8. */
    Path writeKey(Path file) throws IOException {
      try (Writer out = Files.newBufferedWriter(file);
          JcaPEMWriter pem = new JcaPEMWriter(out)) {
        pem.writeObject(new JcaPKCS8Generator(key, null));
      }
      return file;
    }

    /** Writes the key in the older form of its kind: PKCS #1 or SEC 1. */
    Path writeOldKey(Path file) throws IOException {
      try (Writer out = Files.newBufferedWriter(file);
          JcaPEMWriter pem = new JcaPEMWriter(out)) {
        if (key instanceof ECPrivateKey ec) {
          // As OpenSSL writes it, with the curve inside.
          byte[] encoded =
              new org.bouncycastle.asn1.sec.ECPrivateKey(
                      256, ec.getS(), SECObjectIdentifiers.secp256r1)
                  .getEncoded();
          pem.writeObject(new PemObject("EC PRIVATE KEY", encoded));
        } else {
          pem.writeObject(key);
        }
      }
      return file;
    }

    KeyStore store() throws Exception {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", key, PASSWORD, chain.toArray(new Certificate[0]));
      return store;
    }

    Path writeStore(Path file) throws Exception {
      try (OutputStream out = Files.newOutputStream(file)) {
        store().store(out, PASSWORD);
      }
      return file;
    }
  }

  TestAuthority(String name) throws Exception {
    this.name = name;
    this.keys = keys("EC", 256);
    this.certificate =
        build(name, keys, name, keys, List.of(), Instant.now().plus(Duration.ofDays(2)), true);
  }

  X509Certificate certificate() {
    return certificate;
  }

  Path write(Path file) throws IOException {
    return new Issued(keys.getPrivate(), List.of(certificate)).writeChain(file);
  }

  Issued issue(String... sans) throws Exception {
    return issue(keys("EC", 256), Instant.now().plus(Duration.ofDays(1)), sans);
  }

  Issued issueRsa(String... sans) throws Exception {
    return issue(keys("RSA", 2048), Instant.now().plus(Duration.ofDays(1)), sans);
  }

  Issued issueExpired(String... sans) throws Exception {
    return issue(keys("EC", 256), Instant.now().minus(Duration.ofHours(1)), sans);
  }

  private Issued issue(KeyPair own, Instant until, String... sans) throws Exception {
    X509Certificate made = build(name, keys, sans[0], own, List.of(sans), until, false);
    return new Issued(own.getPrivate(), List.of(made, certificate));
  }

  private static KeyPair keys(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private static X509Certificate build(
      String issuer,
      KeyPair signing,
      String subject,
      KeyPair own,
      List<String> sans,
      Instant until,
      boolean authority)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(Instant.now().minus(Duration.ofDays(2))),
            Date.from(until),
            new X500Name("CN=" + subject),
            own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!sans.isEmpty()) {
      List<GeneralName> names = new ArrayList<>();
      for (String san : sans) {
        boolean address = san.matches("[0-9.]+");
        names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, san));
      }
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
  }

  /** Makes a context that trusts an authority, and shows what was issued; each may be null. */
  static SSLContext context(X509Certificate trusted, Issued own) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    if (trusted != null) anchors.setCertificateEntry("authority", trusted);
    trust.init(anchors);
    KeyManagerFactory shown =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    if (own != null) shown.init(own.store(), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        own == null ? null : shown.getKeyManagers(),
        trusted == null ? null : trust.getTrustManagers(),
        null);
    return context;
  }
}
