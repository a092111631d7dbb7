package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;

/** A new certificate of this machine's loopback names that nobody trusts, with its key. */
record SelfSigned(Path certificate, Path key) {
  /** Makes one in a directory, as {@code certificate.pem} and {@code key.pem}. */
  static SelfSigned make(Path directory) throws Exception {
    Tools.version("openssl", "version");
    SelfSigned made =
        new SelfSigned(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
    try (Peer openssl =
        new Peer(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                made.key.toString(),
                "-out",
                made.certificate.toString()))) {
      assertEquals(0, openssl.exit(), openssl.errors());
    }
    return made;
  }

  /** Returns the hash of the public key by which a browser can be told to trust it. */
  String pin() throws Exception {
    return pin(certificate);
  }

  /** Returns the same of another certificate in PEM. */
  static String pin(Path pem) throws Exception {
    try (InputStream in = Files.newInputStream(pem)) {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(in)
              .getPublicKey()
              .getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }
  }
}
