package dev.headgate.api;

import java.util.Map;
import java.util.Objects;

/**
 * The route that an exchange takes.
 *
 * @param id the route's id
 * @param pattern the path pattern that matched
 * @param variables the values of the pattern's variables, still percent-encoded
 */
public record RouteInfo(String id, String pattern, Map<String, String> variables) {
  /**
   * Copies the variables.
   *
   * @param id the route's id
   * @param pattern the path pattern that matched
   * @param variables the values of the pattern's variables, still percent-encoded
   */
  public RouteInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(pattern, "pattern");
    variables = Map.copyOf(variables);
  }
}
