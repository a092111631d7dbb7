package dev.headgate.testkit;

import dev.headgate.api.http.Headers;
import dev.headgate.tck.memory.BodyEnding;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request as the upstream saw it.
 *
 * @param method the method
 * @param target path and query
 * @param headers the fields, in order
 * @param body what came of the body
 * @param ending how the body ended
 */
@SuppressWarnings("ArrayRecordComponent")
public record SeenRequest(
    String method, String target, Headers headers, byte[] body, BodyEnding ending) {
  /**
   * Checks that nothing is null.
   *
   * @param method the method
   * @param target path and query
   * @param headers the fields, in order
   * @param body what came of the body
   * @param ending how the body ended
   */
  public SeenRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(ending, "ending");
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
   * Returns what came of the body as text.
   *
   * @return UTF-8 text
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
