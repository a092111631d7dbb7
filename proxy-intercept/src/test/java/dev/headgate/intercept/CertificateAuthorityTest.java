package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The authority, its file, and what it signs. */
class CertificateAuthorityTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir Path directory;

  private static X509Certificate leaf(CertificateAuthority authority, String host)
      throws Exception {
    return Issuer.leaf(authority, host, Clock.systemUTC()).certificate();
  }

  @Test
  void isMadeOnceAndKeptForItsOwnerOnly() throws Exception {
    Path file = directory.resolve("authority.p12");
    CertificateAuthority made = CertificateAuthority.open(file, PASSWORD);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    CertificateAuthority opened = CertificateAuthority.open(file, PASSWORD);
    assertEquals(made.certificate(), opened.certificate());
    assertEquals(made.key(), opened.key());
    try (var files = Files.list(directory)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void isTheSameForAllWhoOpenItAtOnce() throws Exception {
    Path file = directory.resolve("authority.p12");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<X509Certificate>> all = new ArrayList<>();
      CountDownLatch begin = new CountDownLatch(1);
      for (int i = 0; i < 8; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    begin.await();
                    return CertificateAuthority.open(file, PASSWORD).certificate();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                },
                threads));
      }
      begin.countDown();
      Set<X509Certificate> seen = new HashSet<>();
      for (CompletableFuture<X509Certificate> one : all) seen.add(one.get(30, TimeUnit.SECONDS));
      assertEquals(1, seen.size());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesFilesThatOthersCanRead() throws Exception {
    Path file = directory.resolve("authority.p12");
    CertificateAuthority.open(file, PASSWORD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    IOException refused =
        assertThrows(IOException.class, () -> CertificateAuthority.open(file, PASSWORD));
    assertTrue(refused.getMessage().contains("mode 0600"), refused.getMessage());
    assertTrue(refused.getMessage().contains("rw-r--r--"), refused.getMessage());
  }

  @Test
  void refusesWhatHasExpiredAndAWrongPassword() throws Exception {
    Path file = directory.resolve("authority.p12");
    Instant before = Instant.now().minus(Duration.ofDays(6 * 365));
    AuthorityFile.open(file, PASSWORD, Clock.fixed(before, ZoneOffset.UTC));
    IOException expired =
        assertThrows(IOException.class, () -> CertificateAuthority.open(file, PASSWORD));
    assertTrue(expired.getMessage().contains("that is valid"), expired.getMessage());
    IOException wrong =
        assertThrows(
            IOException.class, () -> CertificateAuthority.open(file, "wrong".toCharArray()));
    assertTrue(wrong.getMessage().contains(file.toString()), wrong.getMessage());
    assertFalse(wrong.getMessage().contains("'wrong'"), wrong.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 500})
  void refusesWhatIsDamaged(int left) throws Exception {
    Path file = directory.resolve("authority.p12");
    CertificateAuthority.open(file, PASSWORD);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), left));
    IOException damaged =
        assertThrows(IOException.class, () -> CertificateAuthority.open(file, PASSWORD));
    assertTrue(damaged.getMessage().contains(file.toString()), damaged.getMessage());
  }

  @Test
  void isWrittenAsText() throws Exception {
    CertificateAuthority authority = CertificateAuthority.inMemory();
    Path file = directory.resolve("authority.pem");
    authority.writePem(file);
    String text = Files.readString(file);
    assertFalse(text.contains("PRIVATE"));
    assertEquals(
        authority.certificate(),
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))));
    X509Certificate certificate = authority.certificate();
    assertEquals(0, certificate.getBasicConstraints());
    assertTrue(certificate.getKeyUsage()[5]); // keyCertSign
    assertFalse(certificate.getKeyUsage()[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com,2,www.example.com",
    "127.0.0.1,7,127.0.0.1",
    "::1,7,0:0:0:0:0:0:0:1",
    "127.1,7,127.0.0.1",
    "0x7F000001,7,127.0.0.1",
    "256.0.0.1,2,256.0.0.1",
    "xn--bcher-kva.example,2,xn--bcher-kva.example"
  })
  void signsForNamesAndAddresses(String host, int kind, String shown) throws Exception {
    CertificateAuthority authority = CertificateAuthority.inMemory();
    X509Certificate leaf = leaf(authority, host);
    leaf.verify(authority.certificate().getPublicKey());
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    assertEquals(List.of(List.of(kind, shown)), List.copyOf(names));
    assertEquals(-1, leaf.getBasicConstraints());
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), leaf.getExtendedKeyUsage());
    assertEquals(
        256, ((ECPublicKey) leaf.getPublicKey()).getParams().getCurve().getField().getFieldSize());
    assertNotNull(leaf.getExtensionValue("2.5.29.14")); // subject key identifier
    assertNotNull(leaf.getExtensionValue("2.5.29.35")); // authority key identifier
    Duration validity =
        Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
    assertTrue(validity.compareTo(Duration.ofDays(197)) <= 0, validity.toString());
    assertTrue(leaf.getNotBefore().toInstant().isBefore(Instant.now()));
    BigInteger serial = leaf.getSerialNumber();
    assertTrue(serial.bitLength() > 64 && serial.signum() > 0 && serial.bitLength() < 160);
    assertNotEquals(serial, leaf(authority, host).getSerialNumber());
  }

  @Test
  void signsForNamesThatDoNotFitASubject() throws Exception {
    String host = "a".repeat(60) + "." + "b".repeat(60) + ".example.com";
    X509Certificate leaf = leaf(CertificateAuthority.inMemory(), host);
    assertEquals("", leaf.getSubjectX500Principal().getName());
    assertTrue(leaf.getCriticalExtensionOIDs().contains("2.5.29.17"));
  }

  @Test
  void neverOutlivesTheAuthority() throws Exception {
    Instant before = Instant.now().minus(Duration.ofDays(5 * 365 - 10));
    CertificateAuthority old = Issuer.newAuthority(Clock.fixed(before, ZoneOffset.UTC));
    assertEquals(old.certificate().getNotAfter(), leaf(old, "a.test").getNotAfter());
  }

  @Test
  void canBeSupplied() throws Exception {
    CertificateAuthority given = CertificateAuthority.inMemory();
    CertificateAuthority used = CertificateAuthority.of(given.key(), given.chain());
    leaf(used, "a.test").verify(given.certificate().getPublicKey());
    Issuer.Leaf leaf = Issuer.leaf(given, "a.test", Clock.systemUTC());
    assertThrows(
        IllegalArgumentException.class,
        () -> CertificateAuthority.of(leaf.key(), List.of(leaf.certificate())));
    PrivateKey other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    assertThrows(
        IllegalArgumentException.class, () -> CertificateAuthority.of(other, given.chain()));
  }

  @Test
  void makesEachLeafOnceHoweverManyAsk() throws Exception {
    int hosts = 200;
    int askers = 1000;
    MintedLeaves leaves =
        new MintedLeaves(CertificateAuthority.inMemory(), 1000, Clock.systemUTC());
    ExecutorService minting = Executors.newFixedThreadPool(4);
    ExecutorService asking = Executors.newFixedThreadPool(32);
    try {
      CountDownLatch begin = new CountDownLatch(1);
      List<CompletableFuture<SSLContext>> asked = new ArrayList<>();
      for (int i = 0; i < askers; i++) {
        String host = "host" + i % hosts + (i % 2 == 0 ? ".test" : ".TEST");
        asked.add(
            CompletableFuture.runAsync(() -> await(begin), asking)
                .thenComposeAsync(done -> leaves.context(host, minting), asking));
      }
      begin.countDown();
      List<SSLContext> contexts = new ArrayList<>();
      for (CompletableFuture<SSLContext> one : asked) contexts.add(one.get(60, TimeUnit.SECONDS));
      assertEquals(hosts, leaves.minted());
      assertEquals(hosts, new HashSet<>(contexts).size());
    } finally {
      asking.shutdownNow();
      minting.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void keepsNoMoreThanItMay() throws Exception {
    MintedLeaves leaves = new MintedLeaves(CertificateAuthority.inMemory(), 5, Clock.systemUTC());
    for (int i = 0; i < 50; i++) leaves.context("h" + i + ".test", Runnable::run);
    long before = leaves.minted();
    assertEquals(50, before);
    for (int i = 0; i < 50; i++) leaves.context("h" + i + ".test", Runnable::run);
    assertTrue(leaves.minted() >= before + 45, () -> "made " + leaves.minted());
  }
}
