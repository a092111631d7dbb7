package dev.headgate.plugins.headers;

import dev.headgate.api.ProxyContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value of a field, found anew for each request. Must be fast, must not block, and may be
 * called on several threads at once, each with an exchange of its own.
 */
@FunctionalInterface
public interface HeaderValue {
  /**
   * Returns the value for one request.
   *
   * @param ctx the exchange, in {@code onRequest}: there is no route, target or response yet
   * @return a value that {@link dev.headgate.api.http.FieldSyntax#requireValue} allows; null or
   *     empty when there is none, so that the field is left out. What is thrown, and an illegal
   *     value, is a fault of the plugin in this exchange
   */
  @Nullable String value(ProxyContext ctx);

  /**
   * Takes the value from the free attributes of the session.
   *
   * @param name the attribute's name
   * @return the function; it gives none for a session without that attribute
   */
  static HeaderValue sessionAttribute(String name) {
    Objects.requireNonNull(name, "name");
    return ctx -> ctx.session().attributes().get(name);
  }
}
