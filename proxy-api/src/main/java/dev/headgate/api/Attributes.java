package dev.headgate.api;

import org.jspecify.annotations.Nullable;

/**
 * What plugins attach to an exchange, for themselves and for each other.
 *
 * <p>Thread-safe: request and response of one exchange may run at the same time. What a failed hook
 * put or removed is undone; changes inside a value are not.
 *
 * <p>What work that a hook began puts while its decision is pending ({@link RequestDecision#later})
 * is undone with that decision. Once that is taken, or has failed, such work should put nothing:
 * what it puts then takes effect at once, and may be undone with the call of another plugin that is
 * under way; hand results over by {@link RequestDecision#proceed( java.util.function.Consumer)}. A
 * blocking call that is past its deadline meets an {@link IllegalStateException}. After the
 * exchange's end the attributes can still be read and put, which nobody else sees but those who
 * kept the context.
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
