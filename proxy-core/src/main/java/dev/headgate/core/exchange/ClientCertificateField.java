package dev.headgate.core.exchange;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.TlsInfo;
import dev.headgate.core.http.HeaderList;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/**
 * Tells upstreams which certificate a client showed (RFC 9440), in a field that clients themselves
 * can't send. Immutable.
 */
public final class ClientCertificateField {
  private final String name;

  /**
   * Makes it.
   *
   * @param name the field's name
   */
  public ClientCertificateField(String name) {
    this.name = name;
  }

  /** Drops it from what a client sent, also where {@code _} stands for {@code -}, as in CGI. */
  void drop(HeaderList headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      String found = headers.name(i);
      if (isSame(found)) {
        headers.drop(found);
        // All lines of that name are gone.
        i = Math.min(i, headers.size());
      }
    }
  }

  private boolean isSame(String other) {
    if (other.length() != name.length()) return false;
    for (int i = 0; i < name.length(); i++) {
      if (fold(name.charAt(i)) != fold(other.charAt(i))) return false;
    }
    return true;
  }

  private static char fold(char c) {
    if (c >= 'A' && c <= 'Z') return (char) (c + 'a' - 'A');
    return c == '_' ? '-' : c;
  }

  /** Sets it for the upstream, if the client showed a certificate. */
  void set(HeaderList headers, ClientInfo client) {
    drop(headers);
    TlsInfo tls = client.tls();
    if (tls == null || tls.peerCertificates().isEmpty()) return;
    try {
      byte[] encoded = tls.peerCertificates().get(0).getEncoded();
      headers.append(name, ":" + Base64.getEncoder().encodeToString(encoded) + ":");
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can't be written", e);
    }
  }
}
