package dev.headgate.core.tls;

/** The least version of TLS that is spoken. The newest that both sides know is preferred. */
public enum TlsVersion {
  /** TLS 1.2 (RFC 5246). */
  TLS_1_2,
  /** TLS 1.3 (RFC 8446). */
  TLS_1_3;

  /** The JDK's names of it and of all later ones. */
  String[] protocols() {
    return switch (this) {
      case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
      case TLS_1_3 -> new String[] {"TLSv1.3"};
    };
  }
}
