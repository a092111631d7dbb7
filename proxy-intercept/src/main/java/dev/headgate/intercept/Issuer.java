package dev.headgate.intercept;

import dev.headgate.core.http.AddressLiteral;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates. Stateless. Takes milliseconds, so never on an I/O thread. */
final class Issuer {
  /** How long a leaf is valid: below the 197 days of rule 37, and enough for a long process. */
  static final Duration LEAF_VALIDITY = Duration.ofDays(90);

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(5 * 365);

  /** Clocks of clients may be late. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private static final int SERIAL_BITS = 127;
  private static final int MAX_COMMON_NAME = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A leaf and its key. */
  record Leaf(PrivateKey key, X509Certificate certificate) {}

  private Issuer() {}

  static CertificateAuthority newAuthority(Clock clock) {
    try {
      KeyPair keys = newKeys();
      byte[] random = new byte[4];
      RANDOM.nextBytes(random);
      // Told apart from older ones, without telling whose machine it is.
      X500Name name = name("Headgate inspection " + HexFormat.of().formatHex(random));
      Instant now = clock.instant();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(AUTHORITY_VALIDITY)),
              name,
              keys.getPublic());
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate certificate = sign(builder, keys.getPrivate());
      return new CertificateAuthority(keys.getPrivate(), List.of(certificate));
    } catch (GeneralSecurityException | OperatorException | IOException e) {
      throw new IllegalStateException("an authority could not be made", e);
    }
  }

  /**
   * Makes a certificate for a host.
   *
   * @param host a name (in ASCII) or an address, without brackets
   */
  static Leaf leaf(CertificateAuthority authority, String host, Clock clock)
      throws GeneralSecurityException, OperatorException, IOException {
    KeyPair keys = newKeys();
    Instant now = clock.instant();
    X509Certificate issuer = authority.issuer();
    Instant end = now.plus(LEAF_VALIDITY);
    Instant last = issuer.getNotAfter().toInstant();
    boolean named = host.length() <= MAX_COMMON_NAME;
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
            serial(),
            Date.from(now.minus(BACKDATED)),
            Date.from(end.isBefore(last) ? end : last),
            named ? name(host) : new X500NameBuilder(BCStyle.INSTANCE).build(),
            keys.getPublic());
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    InetAddress address = AddressLiteral.parse(host);
    builder.addExtension(
        Extension.subjectAlternativeName,
        !named, // critical where there is no subject (RFC 5280 section 4.2.1.6)
        new GeneralNames(
            address == null
                ? new GeneralName(GeneralName.dNSName, host)
                : new GeneralName(GeneralName.iPAddress, address.getHostAddress())));
    builder.addExtension(
        Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuer));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(keys.getPublic()));
    return new Leaf(keys.getPrivate(), sign(builder, authority.key()));
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm(key)).build(key)));
  }

  private static String algorithm(PrivateKey key) throws GeneralSecurityException {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default ->
          throw new GeneralSecurityException(
              "the key must be an RSA or EC key, but was " + key.getAlgorithm());
    };
  }

  /** Whether a certificate was issued by another. */
  static boolean isSigned(X509Certificate certificate, X509Certificate by) {
    try {
      certificate.verify(by.getPublicKey());
      return certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether a key is that of a certificate. */
  static boolean belong(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    byte[] probe = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm(key));
    signer.initSign(key);
    signer.update(probe);
    byte[] signature = signer.sign();
    if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) return false;
    Signature verifier = Signature.getInstance(algorithm(key));
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(probe);
    return verifier.verify(signature);
  }
}
