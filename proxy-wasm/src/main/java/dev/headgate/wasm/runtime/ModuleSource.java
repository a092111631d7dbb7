package dev.headgate.wasm.runtime;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The bytes of a module, with a name for messages. Immutable as long as nobody changes the bytes.
 *
 * @param name a file's name, or any other
 * @param bytes the binary module, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its hash, never by equals
public record ModuleSource(String name, byte[] bytes) {
  /**
   * Checks that nothing is null.
   *
   * @param name a file's name, or any other
   * @param bytes the binary module
   */
  public ModuleSource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(bytes, "bytes");
  }

  /**
   * Works out the hash that identifies the content.
   *
   * @return SHA-256, 64 hexadecimal digits in lower case
   */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return name + " (" + bytes.length + " bytes)";
  }
}
