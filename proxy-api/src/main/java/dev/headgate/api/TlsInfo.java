package dev.headgate.api;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Facts of a TLS connection.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite such as {@code TLS_AES_128_GCM_SHA256}
 * @param serverName the name asked for by SNI; null when none was
 * @param applicationProtocol what ALPN chose; null when nothing
 * @param peerCertificates the client's certificate chain, its own first; empty when it showed none
 */
public record TlsInfo(
    String protocol,
    String cipherSuite,
    @Nullable String serverName,
    @Nullable String applicationProtocol,
    List<X509Certificate> peerCertificates) {
  /**
   * Copies the chain.
   *
   * @param protocol such as {@code TLSv1.3}
   * @param cipherSuite such as {@code TLS_AES_128_GCM_SHA256}
   * @param serverName the name asked for by SNI
   * @param applicationProtocol what ALPN chose
   * @param peerCertificates the client's certificate chain, its own first
   */
  public TlsInfo {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(cipherSuite, "cipherSuite");
    peerCertificates = List.copyOf(peerCertificates);
  }
}
