package dev.headgate.core.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A private key and its certificates, the own one first.
 *
 * @param key the key
 * @param chain not empty
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
  private static final int DNS_NAME = 2;

  /** What proves that a key and a certificate belong together; no secret. */
  private static final byte[] PROBE = {'h', 'e', 'a', 'd', 'g', 'a', 't', 'e'};

  private static final Map<String, String> SIGNATURES =
      Map.of(
          "RSA", "SHA256withRSA",
          "EC", "SHA256withECDSA",
          "EdDSA", "EdDSA",
          "Ed25519", "Ed25519",
          "Ed448", "Ed448");

  Identity {
    chain = List.copyOf(chain);
  }

  X509Certificate own() {
    return chain.get(0);
  }

  X509Certificate[] chainArray() {
    return chain.toArray(new X509Certificate[0]);
  }

  /** Whether the key can be used where TLS asks for a type such as {@code EC} or {@code EC_RSA}. */
  boolean fits(String keyType) {
    int end = keyType.indexOf('_');
    String wanted = end < 0 ? keyType : keyType.substring(0, end);
    String algorithm = key.getAlgorithm();
    return wanted.equals(algorithm) || (wanted.equals("EdDSA") && algorithm.startsWith("Ed"));
  }

  /** The names of hosts that the certificate is for, in lower case, wildcards among them. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> found = own().getSubjectAlternativeNames();
      if (found == null) return names;
      for (List<?> name : found) {
        if (Integer.valueOf(DNS_NAME).equals(name.get(0))) {
          names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException e) {
      // It is no name that anybody can ask for.
    }
    return names;
  }

  /** Adds what is wrong with it. */
  void check(String keyFrom, String certificateFrom, List<String> mistakes) {
    if (!matches()) {
      mistakes.add(
          "the key in "
              + keyFrom
              + " must belong to the first certificate in "
              + certificateFrom
              + ", but belongs to another one");
    }
    for (X509Certificate certificate : chain) {
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException e) {
        mistakes.add(
            "the certificate of '"
                + certificate.getSubjectX500Principal()
                + "' in "
                + certificateFrom
                + " must be valid, but expired at "
                + certificate.getNotAfter().toInstant());
      } catch (CertificateNotYetValidException e) {
        mistakes.add(
            "the certificate of '"
                + certificate.getSubjectX500Principal()
                + "' in "
                + certificateFrom
                + " must be valid, but is not before "
                + certificate.getNotBefore().toInstant());
      }
    }
  }

  private boolean matches() {
    String algorithm = SIGNATURES.get(key.getAlgorithm());
    if (algorithm == null) return false;
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(own().getPublicKey());
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
