package dev.headgate.api;

import org.jspecify.annotations.Nullable;

/**
 * What plugins attach to an exchange, for themselves and for each other.
 *
 * <p>Thread-safe: request and response of one exchange may run at the same time. What a failed hook
 * put or removed is undone; changes inside a value are not.
 */
public interface Attributes {
  /**
   * Returns a value.
   *
   * @param key the key
   * @param <T> the type of the value
   * @return the value, or null when there is none
   */
  <T> @Nullable T get(AttributeKey<T> key);

  /**
   * Attaches a value.
   *
   * @param key the key
   * @param value the value, or null to remove it
   * @param <T> the type of the value
   */
  <T> void put(AttributeKey<T> key, @Nullable T value);
}
