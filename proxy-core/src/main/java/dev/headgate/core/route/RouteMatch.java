package dev.headgate.core.route;

import dev.headgate.api.RouteInfo;
import java.util.Objects;

/**
 * The route that was found for a request.
 *
 * @param route the route
 * @param info its id, pattern and the values of the pattern's variables, for plugins
 */
public record RouteMatch(Route route, RouteInfo info) {
  /**
   * Checks that nothing is null.
   *
   * @param route the route
   * @param info its id, pattern and the values of the pattern's variables
   */
  public RouteMatch {
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(info, "info");
  }
}
