package dev.headgate.api;

import java.util.Objects;

/**
 * A key of the attribute map of an exchange, compared by identity: two keys of the same name are
 * two keys, so that plugins can't read or overwrite each other's attributes by accident. Keep it in
 * a static field, public where other plugins are meant to use it.
 *
 * @param <T> the type of the value
 */
@SuppressWarnings("UnusedTypeParameter") // T types the value, in Attributes
public final class AttributeKey<T> {
  private final String name;

  private AttributeKey(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /**
   * Makes a new key.
   *
   * @param name a name for messages and logs; need not be unique
   * @param <T> the type of the value
   * @return a key that equals only itself
   */
  public static <T> AttributeKey<T> named(String name) {
    return new AttributeKey<>(name);
  }

  /**
   * Returns the name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
