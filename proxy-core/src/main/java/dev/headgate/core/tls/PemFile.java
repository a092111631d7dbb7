package dev.headgate.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys from PEM files (RFC 7468). Stateless. */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

  /** One of the things in a file. */
  private static final class Block {
    private final String label;
    private final byte[] content;

    Block(String label, byte[] content) {
      this.label = label;
      this.content = content;
    }

    String label() {
      return label;
    }

    byte[] content() {
      return content;
    }
  }

  private PemFile() {}

  /** Returns all certificates of a file; adds a mistake when there are none. */
  static List<X509Certificate> certificates(Path file, List<String> mistakes) {
    List<X509Certificate> found = new ArrayList<>();
    List<Block> blocks = read(file, mistakes);
    if (blocks == null) return found;
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks) {
        if (!block.label().equals("CERTIFICATE") && !block.label().equals("X509 CERTIFICATE")) {
          continue;
        }
        found.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(block.content())));
      }
    } catch (CertificateException e) {
      mistakes.add(
          "'" + file + "' must hold X.509 certificates, but one of them can't be read: " + e);
      return List.of();
    }
    if (found.isEmpty()) {
      mistakes.add(
          "'"
              + file
              + "' must hold PEM certificates (BEGIN CERTIFICATE), but holds "
              + labels(blocks));
    }
    return found;
  }

  /** Returns the private key of a file; adds a mistake and returns null when there is none. */
  static @Nullable PrivateKey key(Path file, List<String> mistakes) {
    List<Block> blocks = read(file, mistakes);
    if (blocks == null) return null;
    for (Block block : blocks) {
      PrivateKey key = null;
      switch (block.label()) {
        case "PRIVATE KEY" -> key = PrivateKeys.pkcs8(block.content());
        case "RSA PRIVATE KEY" -> key = PrivateKeys.pkcs1(block.content());
        case "EC PRIVATE KEY" -> key = PrivateKeys.sec1(block.content());
        case "ENCRYPTED PRIVATE KEY" -> {
          mistakes.add(
              "the key in '"
                  + file
                  + "' must not be encrypted; for a key with a password use PKCS12");
          return null;
        }
        default -> {
          continue;
        }
      }
      if (key != null) return key;
      mistakes.add(
          "the key in '"
              + file
              + "' (BEGIN "
              + block.label()
              + ") must be an RSA, EC or Ed25519 key, but can't be read as one");
      return null;
    }
    mistakes.add(
        "'" + file + "' must hold a PEM key (BEGIN PRIVATE KEY), but holds " + labels(blocks));
    return null;
  }

  private static @Nullable List<Block> read(Path file, List<String> mistakes) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      mistakes.add("'" + file + "' must be a PEM file, but there is none");
      return null;
    } catch (IOException e) {
      mistakes.add("'" + file + "' must be a PEM file, but can't be read: " + e);
      return null;
    }
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      try {
        blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
      } catch (IllegalArgumentException e) {
        mistakes.add(
            "'" + file + "' must be a PEM file, but a " + matcher.group(1) + " in it is broken");
        return null;
      }
    }
    return blocks;
  }

  private static String labels(List<Block> blocks) {
    return blocks.isEmpty()
        ? "nothing of that form"
        : blocks.stream().map(Block::label).toList().toString();
  }
}
