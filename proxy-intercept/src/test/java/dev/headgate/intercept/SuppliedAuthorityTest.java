package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities that are not made here, and what is told when one is of no use. */
class SuppliedAuthorityTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Duration DAY = Duration.ofDays(1);
  private static final int SIGNS = KeyUsage.keyCertSign;
  @TempDir Path directory;

  /** A certificate and its key. */
  private record Signed(KeyPair keys, X509Certificate certificate) {}

  private static KeyPair keys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    return generator.generateKeyPair();
  }

  private static Signed sign(String name, Signed by, int usage, Duration validity, String algorithm)
      throws Exception {
    KeyPair own = keys(algorithm);
    KeyPair signer = by == null ? own : by.keys();
    String issuer = by == null ? name : "above";
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(DAY.multipliedBy(2))),
            Date.from(now.plus(validity)),
            new X500Name("CN=" + name),
            own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    String signature =
        signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    return new Signed(
        own,
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder(signature).build(signer.getPrivate()))));
  }

  private static Signed root(String algorithm) throws Exception {
    return sign("above", null, SIGNS, DAY.multipliedBy(9), algorithm);
  }

  private static String refusal(Signed key, X509Certificate... chain) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> CertificateAuthority.of(key.keys().getPrivate(), List.of(chain)))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void chainLeadsToWhatClientsTrust(String algorithm) throws Exception {
    Signed root = root(algorithm);
    Signed below = sign("below", root, SIGNS, DAY.multipliedBy(5), algorithm);
    CertificateAuthority authority =
        CertificateAuthority.of(
            below.keys().getPrivate(), List.of(below.certificate(), root.certificate()));
    assertEquals(root.certificate(), authority.certificate());
    Path pem = directory.resolve("trust.pem");
    authority.writePem(pem);
    assertArrayEquals(authority.pem().getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(pem));
    SSLContext serving =
        authority
            .leaves()
            .context("a.test", Runnable::run)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    List<Certificate> seen = handshake(serving, trusting(authority.certificate()));
    assertEquals(2, seen.size());
    assertEquals(below.certificate(), seen.get(1));
    X509Certificate leaf = (X509Certificate) seen.get(0);
    assertEquals(below.certificate().getNotAfter(), leaf.getNotAfter());
  }

  private static SSLContext trusting(X509Certificate anchor) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("anchor", anchor);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static List<Certificate> handshake(SSLContext serving, SSLContext asking)
      throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket server =
        (SSLServerSocket) serving.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                  socket.getInputStream().read();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      try (SSLSocket socket =
          (SSLSocket) asking.getSocketFactory().createSocket(loopback, server.getLocalPort())) {
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        List<Certificate> seen =
            new ArrayList<>(List.of(socket.getSession().getPeerCertificates()));
        socket.getOutputStream().write(1);
        served.get(20, TimeUnit.SECONDS);
        return seen;
      }
    }
  }

  @Test
  void whatCanNotBeAnAuthorityIsRefused() throws Exception {
    Signed root = root("EC");
    Signed unsigning = sign("x", null, KeyUsage.digitalSignature, DAY, "EC");
    assertTrue(refusal(unsigning, unsigning.certificate()).contains("may not sign others"));
    Signed expired = sign("x", null, SIGNS, DAY.negated(), "EC");
    assertTrue(refusal(expired, expired.certificate()).contains("must be valid now"));
    Signed below = sign("below", root, SIGNS, DAY, "EC");
    Signed stranger = root("EC");
    String order = refusal(below, below.certificate(), stranger.certificate());
    assertTrue(order.contains("must be signed by the next"), order);
    assertTrue(order.contains("CN=below"), order);
  }

  @Test
  void nothingIsSignedAfterItsEnd() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    InstantSource source = now::get;
    Clock clock = source.withZone(ZoneOffset.UTC);
    CertificateAuthority authority = Issuer.newAuthority(clock);
    MintedLeaves leaves = new MintedLeaves(authority, 10, clock);
    leaves.context("a.test", Runnable::run).toCompletableFuture().get(30, TimeUnit.SECONDS);
    now.set(authority.certificate().getNotAfter().toInstant().plusSeconds(1));
    for (String host : List.of("a.test", "b.test")) {
      CompletableFuture<SSLContext> refused =
          leaves.context(host, Runnable::run).toCompletableFuture();
      CompletionException failure = assertThrows(CompletionException.class, refused::join);
      assertInstanceOf(CertificateExpiredException.class, failure.getCause());
    }
  }

  private String failure(Path file, String password) {
    return assertThrows(
            IOException.class, () -> CertificateAuthority.open(file, password.toCharArray()))
        .getMessage();
  }

  @Test
  void fileThatCanNotBeIsNamedWithWhatWasExpected() throws Exception {
    Path nowhere = directory.resolve("none").resolve("a.p12");
    String missing = failure(nowhere, "x");
    assertTrue(missing.contains("directory of '" + nowhere + "' must exist"), missing);
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, directory.resolve("no file"));
    String dangling = failure(link, "x");
    assertTrue(dangling.contains("'" + link + "' must be a file"), dangling);
    Path file = directory.resolve("a.p12");
    String password = failure(file, "p\u00e4ssword");
    assertTrue(password.contains("'" + file + "': Password is not ASCII"), password);
    try (var left = Files.list(directory)) {
      assertEquals(List.of(link), left.toList());
    }
    CertificateAuthority.open(file, PASSWORD);
  }
}
