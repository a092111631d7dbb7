package dev.headgate.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Secrets with which a session speaks to an upstream. Never logged: {@link #toString()} shows names
 * only.
 *
 * @param cookies cookie values by cookie name, in order
 * @param expiresAt when they end; null when not known
 */
public record Credentials(Map<String, String> cookies, @Nullable Instant expiresAt) {
  /**
   * Copies the cookies, keeping their order.
   *
   * @param cookies cookie values by cookie name, in order
   * @param expiresAt when they end
   */
  public Credentials {
    cookies = Collections.unmodifiableMap(new LinkedHashMap<>(Objects.requireNonNull(cookies)));
  }

  /**
   * Returns whether these have ended.
   *
   * @param now the present
   * @return whether {@link #expiresAt()} is known and not after {@code now}
   */
  public boolean expired(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
  }

  @Override
  public String toString() {
    return "Credentials[cookies=" + cookies.keySet() + ", expiresAt=" + expiresAt + "]";
  }
}
