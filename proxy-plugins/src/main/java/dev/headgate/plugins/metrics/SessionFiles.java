package dev.headgate.plugins.metrics;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a session's files lie: {@code <id>_metrics.jsonl} and, beside it, {@code <id>.json}.
 *
 * @param directory the directory of all of them
 * @param name the file name's part that stands for the session
 */
record SessionFiles(Path directory, String name) {
  private static final int MAX_NAME = 160;
  private static final int KEPT = 120;

  /**
   * Maps a session's id to file names. Letters, digits, {@code -}, {@code _} and inner dots stand
   * for themselves; every other byte of the id becomes {@code %XX}, so that no id leads out of the
   * directory and no two ids share a name; of an id that is too long for a file name the beginning
   * is kept and a digest of all of it put behind.
   */
  static SessionFiles of(Path directory, String sessionId) {
    StringBuilder name = new StringBuilder();
    for (byte b : sessionId.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b) || (b == '.' && name.length() > 0)) {
        name.append((char) b);
      } else {
        name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    if (name.length() > MAX_NAME) {
      name.setLength(KEPT);
      name.append('~').append(digest(sessionId));
    }
    return new SessionFiles(directory.toAbsolutePath().normalize(), name.toString());
  }

  /** Returns the log of deltas. */
  Path log() {
    return directory.resolve(name + "_metrics.jsonl");
  }

  /** Returns the facts of the session. */
  Path facts() {
    return directory.resolve(name + ".json");
  }

  /** Returns the file whose locks guard the two; it is empty and stays. */
  Path lock() {
    return directory.resolve(name + "_metrics.lock");
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '_';
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
