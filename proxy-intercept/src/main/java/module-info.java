/**
 * A certificate authority, with which a proxy looks into the TLS of its clients' tunnels.
 *
 * <p>Start with {@link dev.headgate.intercept.CertificateAuthority}.
 */
module dev.headgate.intercept {
  requires com.github.benmanes.caffeine;
  requires transitive dev.headgate.core;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires static org.jspecify;

  exports dev.headgate.intercept;
}
