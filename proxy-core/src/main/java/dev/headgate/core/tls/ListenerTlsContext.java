package dev.headgate.core.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ListenerTls} with its files read: makes what speaks TLS for each connection.
 * Thread-safe.
 */
public final class ListenerTlsContext {
  private final ListenerTls settings;
  private volatile Loaded loaded;

  private record Loaded(SSLContext context, SSLParameters parameters) {}

  private ListenerTlsContext(ListenerTls settings, Loaded loaded) {
    this.settings = settings;
    this.loaded = loaded;
  }

  /**
   * Reads the files. Blocks.
   *
   * @param settings which files, and how they are used
   * @param mistakes gets one sentence for each thing that is wrong, with file and expectation
   * @return the context; null when there were mistakes
   */
  public static @Nullable ListenerTlsContext open(ListenerTls settings, List<String> mistakes) {
    Loaded loaded = load(settings, mistakes);
    return loaded == null ? null : new ListenerTlsContext(settings, loaded);
  }

  private static @Nullable Loaded load(ListenerTls settings, List<String> mistakes) {
    List<String> found = new ArrayList<>(settings.mistakes());
    List<Identity> identities = new ArrayList<>();
    for (KeySource source : settings.keys) identities.addAll(source.read(found));
    boolean asked = settings.clientCertificates != ClientCertificates.NONE;
    List<X509Certificate> authorities = new ArrayList<>();
    if (asked) {
      settings.clientAuthorities.forEach(
          file -> authorities.addAll(PemFile.certificates(file, found)));
    }
    Loaded loaded = null;
    if (found.isEmpty()) {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        // Without own authorities nobody is trusted; and nobody is asked.
        TrustManager[] trust = asked ? Trust.in(authorities) : Trust.nobody();
        context.init(new KeyManager[] {new IdentityKeys(identities)}, trust, null);
        loaded = new Loaded(context, parameters(settings, context));
      } catch (GeneralSecurityException e) {
        found.add("TLS could not be set up: " + e);
      }
    }
    mistakes.addAll(found);
    return loaded;
  }

  private static SSLParameters parameters(ListenerTls settings, SSLContext context) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(settings.minimum.protocols());
    parameters.setCipherSuites(strong(parameters.getCipherSuites()));
    parameters.setUseCipherSuitesOrder(true);
    switch (settings.clientCertificates) {
      case NONE -> parameters.setNeedClientAuth(false);
      case WANTED -> parameters.setWantClientAuth(true);
      case REQUIRED -> parameters.setNeedClientAuth(true);
    }
    return parameters;
  }

  /** Those with forward secrecy and authenticated encryption, as HTTP/2 asks for too. */
  static String[] strong(String[] suites) {
    return Arrays.stream(suites)
        .filter(name -> !name.startsWith("TLS_RSA_") && !name.startsWith("TLS_ECDH_"))
        .filter(name -> name.contains("_GCM_") || name.contains("_POLY1305_"))
        .toArray(String[]::new);
  }

  /**
   * Reads the files again. New handshakes use what was read; connections that are open live on. On
   * a mistake everything stays as it was. Blocks.
   *
   * @return one sentence for each mistake; empty when the new files are in use
   */
  public List<String> reload() {
    List<String> mistakes = new ArrayList<>();
    Loaded fresh = load(settings, mistakes);
    if (fresh != null) loaded = fresh;
    return mistakes;
  }

  /**
   * Makes the TLS side of one connection, without a choice of application protocol (ALPN).
   *
   * @return an engine on the listener's side
   */
  public SSLEngine newEngine() {
    Loaded now = loaded;
    SSLEngine engine = now.context().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(now.parameters());
    return engine;
  }

  /**
   * Makes the TLS side of one connection with a context of somebody else's: TLS 1.2 or later, and
   * the same choice of cipher suites as for listeners. Clients are not asked for certificates.
   *
   * @param context with a certificate
   * @return an engine on the listener's side
   */
  public static SSLEngine newEngine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(TlsVersion.TLS_1_2.protocols());
    parameters.setCipherSuites(strong(parameters.getCipherSuites()));
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * Returns the settings.
   *
   * @return what the context was opened with
   */
  public ListenerTls settings() {
    return settings;
  }

  /**
   * Returns the name that a client asked for by SNI.
   *
   * @param engine one of {@link #newEngine()}, whose handshake is done
   * @return the name; null when it asked for none
   */
  public static @Nullable String serverName(SSLEngine engine) {
    return IdentityKeys.serverName(engine.getSession());
  }
}
