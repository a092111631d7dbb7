package dev.headgate.tck.lab;

import dev.headgate.api.http.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a body. Takes nothing from its connection unless told to, but for what is in
 * a small buffer; so one that is not read stalls its sender. Each method waits for what it names,
 * and fails with an {@link AssertionError} when that can't come any more or nothing happens for
 * {@link Waits#CEILING}. For one thread at a time; reading and writing may be on different ones.
 */
public interface BodyReader {
  /**
   * Reads so many bytes.
   *
   * @param bytes exactly how many
   * @return the bytes
   */
  byte[] read(int bytes);

  /**
   * Reads so many bytes as text.
   *
   * @param bytes exactly how many
   * @return UTF-8 text
   */
  default String readText(int bytes) {
    return new String(read(bytes), StandardCharsets.UTF_8);
  }

  /**
   * Reads what comes next, however much it is.
   *
   * @return one byte or more; none at a clean end
   */
  byte[] readSome();

  /**
   * Reads the rest, which must end cleanly.
   *
   * @return the bytes that were not read before
   */
  byte[] readAll();

  /**
   * Reads the rest as text; it must end cleanly.
   *
   * @return UTF-8 text
   */
  default String readAllText() {
    return new String(readAll(), StandardCharsets.UTF_8);
  }

  /**
   * Reads and drops the rest, of any size; it must end cleanly.
   *
   * @return how many bytes that were
   */
  long drain();

  /**
   * Reads and drops the rest, and tells how it ended.
   *
   * @return clean or not
   */
  Ending ending();

  /**
   * Returns the trailers.
   *
   * @return the fields; null when there were none, or the end was not read yet
   */
  @Nullable Headers trailers();
}
