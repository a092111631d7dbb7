package dev.headgate.intercept;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.tls.LeafCertificates;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.operator.OperatorException;

/**
 * Certificates made when a host is first asked for. Each host's is made once, whoever asks at the
 * same time, and made anew long before it expires. Thread-safe.
 */
final class MintedLeaves implements LeafCertificates {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int SESSIONS_PER_HOST = 1000;
  private static final char[] NO_PASSWORD = {};

  private final CertificateAuthority authority;
  private final Clock clock;
  private final AtomicLong minted = new AtomicLong();
  private final AsyncCache<String, SSLContext> contexts;

  MintedLeaves(CertificateAuthority authority, int hosts, Clock clock) {
    this.authority = authority;
    this.clock = clock;
    this.contexts =
        Caffeine.newBuilder()
            .maximumSize(hosts)
            .expireAfterWrite(KEPT)
            .executor(Runnable::run) // its own upkeep is short; no thread of the common pool
            .buildAsync();
  }

  @Override
  public CompletionStage<SSLContext> context(String host, Executor executor) {
    Instant end = authority.issuer().getNotAfter().toInstant();
    if (!end.isAfter(clock.instant())) {
      return CompletableFuture.failedFuture(
          new CertificateExpiredException("the authority was valid until " + end));
    }
    String name = normal(host);
    return contexts.get(
        name, (key, own) -> CompletableFuture.supplyAsync(() -> mint(key), executor));
  }

  @Override
  public String authorityPem() {
    return authority.pem();
  }

  /** How many certificates have been made. */
  long minted() {
    return minted.get();
  }

  /** How many hosts' certificates are at hand. */
  long kept() {
    contexts.synchronous().cleanUp();
    return contexts.synchronous().estimatedSize();
  }

  /** One name for a host, in whatever case, as address with or without brackets, in any form. */
  private static String normal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) name = name.substring(1, name.length() - 1);
    if (name.endsWith(".")) name = name.substring(0, name.length() - 1);
    InetAddress literal = AddressLiteral.parse(name);
    if (literal != null) return literal.getHostAddress();
    // What is ASCII stays as it is: not all of it is a name of DNS.
    boolean ascii = name.chars().allMatch(c -> c < 0x80);
    return ascii ? name : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
  }

  private SSLContext mint(String host) {
    try {
      Issuer.Leaf leaf = Issuer.leaf(authority, host, clock);
      minted.incrementAndGet();
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(leaf.certificate());
      for (X509Certificate above : authority.chain()) {
        boolean root = above.getSubjectX500Principal().equals(above.getIssuerX500Principal());
        if (!root) chain.add(above);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("leaf", leaf.key(), NO_PASSWORD, chain.toArray(new Certificate[0]));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      context.getServerSessionContext().setSessionCacheSize(SESSIONS_PER_HOST);
      return context;
    } catch (GeneralSecurityException | OperatorException | IOException e) {
      throw new CompletionException("no certificate could be made", e);
    }
  }
}
