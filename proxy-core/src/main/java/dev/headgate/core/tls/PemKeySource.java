package dev.headgate.core.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A chain and its key, each in a PEM file; both may be the same file.
 *
 * @param chain the certificates, the own one first
 * @param key the key
 */
record PemKeySource(Path chain, Path key) implements KeySource {
  @Override
  public List<Identity> read(List<String> mistakes) {
    List<X509Certificate> certificates = PemFile.certificates(chain, mistakes);
    PrivateKey read = PemFile.key(key, mistakes);
    if (certificates.isEmpty() || read == null) return List.of();
    Identity identity = new Identity(read, certificates);
    identity.check("'" + key + "'", "'" + chain + "'", mistakes);
    return List.of(identity);
  }
}
