package dev.headgate.core.tls;

import dev.headgate.api.http.FieldSyntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a listener speaks TLS: which certificates it shows, from which version on, and whom it asks
 * for one. Files are read when the proxy starts, and again by {@code Proxy.reloadTls()}. Immutable.
 *
 * <pre>{@code
 * ListenerTls.builder()
 *     .certificate(Path.of("chain.pem"), Path.of("key.pem"))
 *     .build()
 * }</pre>
 */
public final class ListenerTls {
  /** The field of RFC 9440 that carries a client's certificate. */
  public static final String CLIENT_CERT = "Client-Cert";

  final List<KeySource> keys;
  final TlsVersion minimum;
  final ClientCertificates clientCertificates;
  final List<Path> clientAuthorities;
  private final @Nullable String clientCertificateField;
  private final Duration handshakeTimeout;
  private final boolean cleartextToo;
  private final List<String> mistakes;

  private ListenerTls(Builder b) {
    this.keys = List.copyOf(b.keys);
    this.minimum = b.minimum;
    this.clientCertificates = b.clientCertificates;
    this.clientAuthorities = List.copyOf(b.clientAuthorities);
    this.clientCertificateField = b.clientCertificateField;
    this.handshakeTimeout = b.handshakeTimeout;
    this.cleartextToo = b.cleartextToo;
    this.mistakes = b.mistakes();
  }

  /**
   * Begins.
   *
   * @return a builder, not thread-safe; needs a certificate
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the field that tells upstreams the client's certificate.
   *
   * @return its name; null when they are not told
   */
  public @Nullable String clientCertificateField() {
    return clientCertificateField;
  }

  /**
   * Returns how long a client may take for the handshake.
   *
   * @return above zero
   */
  public Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /**
   * Returns whether clients may also speak plain HTTP on the port.
   *
   * @return whether the first byte of a connection decides
   */
  public boolean cleartextToo() {
    return cleartextToo;
  }

  /**
   * Returns what is wrong with the values; files are not looked at.
   *
   * @return one sentence for each mistake
   */
  public List<String> mistakes() {
    return mistakes;
  }

  /** Collects the settings; not thread-safe. Mistakes are reported when the proxy starts. */
  public static final class Builder {
    private final List<KeySource> keys = new ArrayList<>();
    private TlsVersion minimum = TlsVersion.TLS_1_2;
    private ClientCertificates clientCertificates = ClientCertificates.NONE;
    private List<Path> clientAuthorities = List.of();
    private @Nullable String clientCertificateField;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private boolean cleartextToo;

    private Builder() {}

    /**
     * Adds a certificate from PEM files. It is shown to clients that ask for one of the DNS names
     * in its subject alternative names, exact or wildcard; the first one added also to all others.
     *
     * @param chain the certificates, the own one first, then those that lead to the authority
     * @param key its private key, not encrypted: PKCS #8, PKCS #1 or SEC 1; RSA, EC or Ed25519; may
     *     be the same file
     * @return this
     */
    public Builder certificate(Path chain, Path key) {
      keys.add(
          new PemKeySource(
              Objects.requireNonNull(chain, "chain"), Objects.requireNonNull(key, "key")));
      return this;
    }

    /**
     * Adds all certificates of a PKCS12 file, each shown as above.
     *
     * @param file the file
     * @param password of the file and of its keys; copied
     * @return this
     */
    public Builder keyStore(Path file, char[] password) {
      keys.add(new KeyStoreSource(Objects.requireNonNull(file, "file"), password));
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
     * Asks clients for certificates. Not asked by default.
     *
     * @param mode whether they must show one
     * @param authorities PEM files with the certificates of those whose clients are trusted; the
     *     JDK's own are not
     * @return this
     */
    public Builder clientCertificates(ClientCertificates mode, Path... authorities) {
      clientCertificates = Objects.requireNonNull(mode, "mode");
      clientAuthorities = List.of(authorities);
      return this;
    }

    /**
     * Tells upstreams the client's certificate in a field, encoded as RFC 9440 says. The field is
     * dropped from what clients send, also from those without a certificate.
     *
     * @param name the field's name, such as {@link ListenerTls#CLIENT_CERT}
     * @return this
     */
    public Builder clientCertificateField(String name) {
      clientCertificateField = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets how long a client may take for the handshake.
     *
     * @param time above zero; 10 s by default
     * @return this
     */
    public Builder handshakeTimeout(Duration time) {
      handshakeTimeout = Objects.requireNonNull(time, "time");
      return this;
    }

    /**
     * Lets clients also speak plain HTTP on the same port: the first byte of a connection decides.
     * Off by default. What comes in plain is not protected, and not asked for a certificate.
     *
     * @return this
     */
    public Builder alsoCleartext() {
      cleartextToo = true;
      return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings, with what is wrong in {@link ListenerTls#mistakes()}
     */
    public ListenerTls build() {
      return new ListenerTls(this);
    }

    private List<String> mistakes() {
      List<String> found = new ArrayList<>();
      if (keys.isEmpty()) found.add("TLS needs at least one certificate, but has none");
      if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
        found.add("TLS handshake timeout must be above zero, but was " + handshakeTimeout);
      }
      String field = clientCertificateField;
      if (field != null && !FieldSyntax.isToken(field)) {
        found.add("client certificate field must be a token, but was '" + field + "'");
      }
      boolean asked = clientCertificates != ClientCertificates.NONE;
      if (asked && clientAuthorities.isEmpty()) {
        found.add("client certificates are " + clientCertificates + ", but no authority is given");
      }
      if (!asked && field != null) {
        found.add("client certificate field is '" + field + "', but clients are not asked for any");
      }
      return List.copyOf(found);
    }
  }
}
