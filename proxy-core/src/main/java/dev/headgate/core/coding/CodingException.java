package dev.headgate.core.coding;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body can't be decoded, or encoded. It arrives as the failure of a content.
 *
 * <p>The message names the coding and the fault, never bytes of the body; it is safe to log.
 */
public final class CodingException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Reason {
    /** The body ended in the middle of its coding. */
    TRUNCATED,
    /** The bytes are not of the coding, fail its check sum, or go on after its end. */
    MALFORMED,
    /** The decoded body is over a limit of {@link DecodingLimits}. */
    TOO_LARGE,
    /** The codec itself failed; the body may be sound. */
    INTERNAL
  }

  /** The coding, as the field names it. */
  private final String coding;

  /** What is wrong with it. */
  private final Reason reason;

  /**
   * Makes the exception.
   *
   * @param coding the name of the coding
   * @param reason what is wrong
   * @param detail more about it, for the log
   * @param cause what the codec threw, or null
   */
  public CodingException(String coding, Reason reason, String detail, @Nullable Throwable cause) {
    super(coding + ": " + detail, cause);
    this.coding = coding;
    this.reason = reason;
  }

  /**
   * Returns the coding that failed.
   *
   * @return its name, such as {@code gzip}
   */
  public String coding() {
    return coding;
  }

  /**
   * Returns what is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  static CodingException malformed(String coding, String detail) {
    return new CodingException(coding, Reason.MALFORMED, detail, null);
  }
}
