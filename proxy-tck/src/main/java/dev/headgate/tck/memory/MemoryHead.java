package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import java.util.Objects;

/**
 * A response's head as it was seen.
 *
 * @param status 100 to 999
 * @param headers the fields, in order; the receiver's own
 */
public record MemoryHead(int status, HeaderList headers) {
  /**
   * Checks that nothing is null.
   *
   * @param status 100 to 999
   * @param headers the fields
   */
  public MemoryHead {
    Objects.requireNonNull(headers, "headers");
  }
}
