package dev.headgate.api.http;

/**
 * Status and fields of a response.
 *
 * <p>May be written only inside {@code onResponseHeaders} (and in functions that the engine runs
 * for it), on the thread of the call; elsewhere each writing method throws {@link
 * IllegalStateException}. What a failed hook wrote is undone.
 */
public interface ResponseHead {
  /**
   * Returns the status.
   *
   * @return a final status code, 200 to 999
   */
  int status();

  /**
   * Sets the status. A status that has no body (204, 304) drops the body that the response had.
   *
   * @param status 200 to 599
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the head may not be written now
   */
  void status(int status);

  /**
   * Returns the fields.
   *
   * @return the live fields of this head
   */
  MutableHeaders headers();
}
