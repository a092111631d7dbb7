package dev.headgate.tck.lab;

import dev.headgate.api.http.Headers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response's head as a client saw it. Over sockets with the fields of the connection, such as
 * {@code Transfer-Encoding}; without sockets there are none.
 *
 * @param status 100 to 999
 * @param headers the fields, in order
 */
public record Head(int status, Headers headers) {
  /**
   * Checks that nothing is null.
   *
   * @param status 100 to 999
   * @param headers the fields, in order
   */
  public Head {
    Objects.requireNonNull(headers, "headers");
  }

  /**
   * Returns the first line with a name.
   *
   * @param name the name, in any case
   * @return its value, or null
   */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * Returns all lines with a name.
   *
   * @param name the name, in any case
   * @return their values, in order
   */
  public List<String> all(String name) {
    return headers.all(name);
  }
}
