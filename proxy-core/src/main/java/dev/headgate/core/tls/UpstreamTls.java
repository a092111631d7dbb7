package dev.headgate.core.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with an upstream, where that differs from the usual: the JDK's authorities, the
 * host's name checked, TLS 1.2 or later.
 *
 * <p>Immutable; equal when made of equal certificates and settings. Connections are shared between
 * routes that have equal ones. Files are read once, by {@link Builder#build()}.
 */
public final class UpstreamTls {
  /** What no host's name has: a colon, or an end that is a number (RFC 3986 section 3.2.2). */
  private static final Pattern LITERAL = Pattern.compile(":|(^|\\.)\\d+$");

  private final List<X509Certificate> authorities;
  private final List<X509Certificate> clientChain;
  private final TlsVersion minimum;
  private final boolean hostNameChecked;
  private final boolean insecure;
  private final List<String> mistakes;
  private final @Nullable SSLContext context;

  private UpstreamTls(Builder b) {
    List<String> found = new ArrayList<>();
    List<X509Certificate> trusted = new ArrayList<>();
    b.authorities.forEach(file -> trusted.addAll(PemFile.certificates(file, found)));
    List<Identity> identities = b.key == null ? List.of() : b.key.read(found);
    if (identities.size() > 1) {
      found.add("one client certificate was expected, but there are " + identities.size());
    }
    if (b.insecure && !b.authorities.isEmpty()) {
      found.add(
          "upstream TLS must not be insecure and have authorities "
              + b.authorities
              + ": either they are checked or not");
    }
    this.authorities = List.copyOf(trusted);
    this.clientChain = identities.isEmpty() ? List.of() : identities.get(0).chain();
    this.minimum = b.minimum;
    this.insecure = b.insecure;
    this.hostNameChecked = b.hostNameChecked && !b.insecure;
    this.context = found.isEmpty() ? context(identities, found) : null;
    this.mistakes = List.copyOf(found);
  }

  private @Nullable SSLContext context(List<Identity> identities, List<String> found) {
    KeyManager[] keys =
        identities.isEmpty() ? null : new KeyManager[] {new IdentityKeys(identities)};
    try {
      TrustManager[] trust = null; // the JDK's authorities
      if (insecure) trust = Trust.anybody();
      else if (!authorities.isEmpty()) trust = Trust.in(authorities);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys, trust, null);
      return made;
    } catch (GeneralSecurityException e) {
      found.add("TLS with upstreams could not be set up: " + e);
      return null;
    }
  }

  /**
   * Begins with what is usual.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes the TLS side of one connection. Sessions are resumed by host and port.
   *
   * @param host the upstream's name or address, sent as SNI where it is a name
   * @param port its port
   * @return an engine on the client's side
   * @throws IllegalStateException if there are {@link #mistakes()}
   */
  public SSLEngine newEngine(String host, int port) {
    SSLContext made = context;
    if (made == null) throw new IllegalStateException("mistaken settings: " + mistakes);
    SSLEngine engine = made.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(minimum.protocols());
    if (hostNameChecked) parameters.setEndpointIdentificationAlgorithm("HTTPS");
    // The JDK itself sends no name without a dot.
    if (!LITERAL.matcher(host).find()) parameters.setServerNames(serverNames(host));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** A name that is none of DNS, as with an underscore, is not sent, as the JDK itself does. */
  private static List<SNIServerName> serverNames(String host) {
    try {
      return List.of(new SNIHostName(host));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /**
   * Returns whether the upstream's certificate is not checked at all.
   *
   * @return whether anybody can pose as the upstream
   */
  public boolean insecure() {
    return insecure;
  }

  /**
   * Returns what is wrong with the settings and files.
   *
   * @return one sentence for each mistake
   */
  public List<String> mistakes() {
    return mistakes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UpstreamTls that
        && minimum == that.minimum
        && hostNameChecked == that.hostNameChecked
        && insecure == that.insecure
        && authorities.equals(that.authorities)
        && clientChain.equals(that.clientChain);
  }

  @Override
  public int hashCode() {
    return Objects.hash(minimum, hostNameChecked, insecure, authorities, clientChain);
  }

  /** Collects the settings; not thread-safe. Mistakes are reported when the proxy starts. */
  public static final class Builder {
    private final List<Path> authorities = new ArrayList<>();
    private @Nullable KeySource key;
    private TlsVersion minimum = TlsVersion.TLS_1_2;
    private boolean hostNameChecked = true;
    private boolean insecure;

    private Builder() {}

    /**
     * Trusts these authorities, in place of the JDK's.
     *
     * @param pem a file of certificates; a self-signed certificate is its own authority
     * @return this
     */
    public Builder authorities(Path pem) {
      authorities.add(Objects.requireNonNull(pem, "pem"));
      return this;
    }

    /**
     * Shows a certificate to upstreams that ask for one.
     *
     * @param chain the certificates in PEM, the own one first
     * @param privateKey its key in PEM, not encrypted; may be the same file
     * @return this
     */
    public Builder clientCertificate(Path chain, Path privateKey) {
      key =
          new PemKeySource(
              Objects.requireNonNull(chain, "chain"),
              Objects.requireNonNull(privateKey, "privateKey"));
      return this;
    }

    /**
     * Shows the certificate of a PKCS12 file to upstreams that ask for one.
     *
     * @param file the file, with one key
     * @param password of the file and its key; copied
     * @return this
     */
    public Builder clientKeyStore(Path file, char[] password) {
      key = new KeyStoreSource(Objects.requireNonNull(file, "file"), password);
      return this;
    }

    /**
     * Sets the least version of TLS.
     *
     * @param version the version; TLS 1.2 by default
     * @return this
     */
    public Builder minimumVersion(TlsVersion version) {
      minimum = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Does not ask that the certificate is for the upstream's name. It must still be signed by a
     * trusted authority; so only with authorities of one's own.
     *
     * @return this
     */
    public Builder withoutHostNameCheck() {
      hostNameChecked = false;
      return this;
    }

    /**
     * Checks nothing: anybody on the way can pose as the upstream, read and change everything. For
     * tests with self-signed certificates; better name those in {@link #authorities}. The start of
     * the proxy warns in its log.
     *
     * @return this
     */
    public Builder insecure() {
      insecure = true;
      return this;
    }

    /**
     * Reads the files and makes the settings. Blocks.
     *
     * @return the settings, with what is wrong in {@link UpstreamTls#mistakes()}
     */
    public UpstreamTls build() {
      return new UpstreamTls(this);
    }
  }
}
