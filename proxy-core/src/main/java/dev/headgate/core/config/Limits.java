package dev.headgate.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * How much a client may send. Immutable; start with {@link #defaults()}.
 *
 * @param maxRequestLineBytes most bytes of a request line, 256 to 16 MiB; 8192 by default
 *     (uri_too_long, 414)
 * @param maxHeaderBytes most bytes of a request's fields, 1024 to 16 MiB; 16 KiB by default
 *     (fields_too_large, 431)
 * @param maxBodyBytes most bytes of a request's body; −1, the default, for no limit
 *     (body_too_large, 413)
 * @param maxUnreadBodyBytes how much of a body that nobody wanted is read and dropped so that the
 *     connection may live, 0 or more; 64 KiB by default
 * @param maxFields most lines of a request's fields, 16 or more; 200 by default (fields_too_large,
 *     431)
 */
public record Limits(
    int maxRequestLineBytes,
    int maxHeaderBytes,
    long maxBodyBytes,
    long maxUnreadBodyBytes,
    int maxFields) {
  private static final int MOST_HEAD_BYTES = 16 << 20;

  /**
   * Checks everything at once.
   *
   * @param maxRequestLineBytes most bytes of a request line
   * @param maxHeaderBytes most bytes of a request's fields
   * @param maxBodyBytes most bytes of a request's body
   * @param maxUnreadBodyBytes how much of an unwanted body is dropped
   * @param maxFields most lines of a request's fields
   * @throws IllegalArgumentException naming each offending value
   */
  public Limits {
    List<String> mistakes = new ArrayList<>();
    if (maxRequestLineBytes < 256 || maxRequestLineBytes > MOST_HEAD_BYTES) {
      mistakes.add(
          "maxRequestLineBytes must be 256 to 16777216 (16 MiB), but was " + maxRequestLineBytes);
    }
    if (maxHeaderBytes < 1024 || maxHeaderBytes > MOST_HEAD_BYTES) {
      mistakes.add("maxHeaderBytes must be 1024 to 16777216 (16 MiB), but was " + maxHeaderBytes);
    }
    if (maxBodyBytes < -1) {
      mistakes.add("maxBodyBytes must be 0 or more, or -1 for none, but was " + maxBodyBytes);
    }
    if (maxUnreadBodyBytes < 0) {
      mistakes.add("maxUnreadBodyBytes must be 0 or more, but was " + maxUnreadBodyBytes);
    }
    if (maxFields < 16) mistakes.add("maxFields must be 16 or more, but was " + maxFields);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid limits: " + String.join("; ", mistakes));
    }
  }

  /**
   * Returns the defaults.
   *
   * @return 8192 bytes of request line, 16 KiB in 200 fields, bodies without limit, 64 KiB unread
   */
  public static Limits defaults() {
    return new Limits(8192, 16 * 1024, -1, 64 * 1024, 200);
  }

  /**
   * Returns these limits with another one for bodies.
   *
   * @param bytes most bytes, or −1 for no limit
   * @return the limits
   */
  public Limits withMaxBodyBytes(long bytes) {
    return new Limits(maxRequestLineBytes, maxHeaderBytes, bytes, maxUnreadBodyBytes, maxFields);
  }

  /**
   * Returns these limits with another one for the number of fields.
   *
   * @param lines most lines, 16 or more
   * @return the limits
   */
  public Limits withMaxFields(int lines) {
    return new Limits(maxRequestLineBytes, maxHeaderBytes, maxBodyBytes, maxUnreadBodyBytes, lines);
  }
}
