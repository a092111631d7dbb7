package dev.headgate.plugins.headers;

import dev.headgate.api.ProxyContext;
import dev.headgate.api.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the value of a field comes from, by how long it holds. */
sealed interface ValueSource {
  /** The same for good; empty for nothing, so that the name is reserved only. */
  record Constant(String text) implements ValueSource {
    /** Shows no value: it may be a secret. */
    @Override
    public String toString() {
      return "Constant";
    }
  }

  /** The same for a session. */
  record OfSession(Function<Session, @Nullable String> function) implements ValueSource {}

  /** Found anew for each request. */
  record OfRequest(HeaderValue function) implements ValueSource {
    @Nullable String value(ProxyContext ctx) {
      return presentOrNull(function.value(ctx));
    }
  }

  /** The session's agent, or {@code fallback} where none is known. */
  static ValueSource agentOr(String fallback) {
    return new OfSession(
        session -> {
          String agent = presentOrNull(session.agent());
          return agent == null ? fallback : agent;
        });
  }

  /**
   * Returns what is sent with each request of a session; null when that is nothing, or not fixed.
   */
  default @Nullable String fixedFor(Session session) {
    if (this instanceof Constant constant) return presentOrNull(constant.text());
    if (this instanceof OfSession ofSession) {
      return presentOrNull(ofSession.function().apply(session));
    }
    return null;
  }

  /** An empty value is a missing one. */
  static @Nullable String presentOrNull(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
