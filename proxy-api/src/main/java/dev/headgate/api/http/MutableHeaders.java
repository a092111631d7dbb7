package dev.headgate.api.http;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a message that a hook may change.
 *
 * <p>Every name and value is checked by {@link FieldSyntax}: a plugin can't split a message with a
 * line break. Changes take effect at once and are visible to the plugins behind; when the hook
 * fails, all of them are undone. Writing is allowed only while the hook that these headers were
 * given to runs, on its thread; at any other time each writing method throws {@link
 * IllegalStateException}.
 *
 * <p>Framing belongs to the engine: {@code Content-Length}, {@code Transfer-Encoding}, {@code
 * Connection} and the other hop-by-hop fields (RFC 9110 §7.6.1) may be read and set here, but the
 * engine writes its own when the message is sent.
 */
public interface MutableHeaders extends Headers {
  /**
   * Sets a field to one line: the first line with that name is replaced where it stands, further
   * lines are removed; without one, a line is added at the end.
   *
   * @param name the name
   * @param value the value
   * @throws IllegalArgumentException if name or value is not legal
   * @throws IllegalStateException if the head may not be written now
   */
  void set(String name, String value);

  /**
   * Adds a line at the end, whatever lines of that name there are.
   *
   * @param name the name
   * @param value the value
   * @throws IllegalArgumentException if name or value is not legal
   * @throws IllegalStateException if the head may not be written now
   */
  void add(String name, String value);

  /**
   * Removes all lines with a name.
   *
   * @param name the name, in any case
   * @return whether there was one
   * @throws IllegalStateException if the head may not be written now
   */
  boolean remove(String name);

  /**
   * Sets a field, or removes it where the value is null.
   *
   * @param name the name
   * @param value the value, or null to remove the field
   * @throws IllegalArgumentException if name or value is not legal
   * @throws IllegalStateException if the head may not be written now
   */
  default void setOrRemove(String name, @Nullable String value) {
    if (value == null) {
      remove(name);
    } else {
      set(name, value);
    }
  }
}
