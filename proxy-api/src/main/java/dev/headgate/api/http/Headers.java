package dev.headgate.api.http;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message, in the order in which they arrived, read-only through this type.
 *
 * <p>Names are compared without regard to case and keep the spelling they came with. A field that
 * came on several lines stays on several lines. Reading never copies and, but for {@link #all} and
 * {@link #fields}, never allocates. Not thread-safe by itself: a head belongs to the hook that was
 * given it.
 */
public interface Headers {
  /**
   * Returns the number of field lines.
   *
   * @return the number of lines, 0 or more
   */
  int size();

  /**
   * Returns the name of a field line.
   *
   * @param index the line, from 0 to {@link #size()} − 1
   * @return the name as it was written
   * @throws IndexOutOfBoundsException if there is no such line
   */
  String name(int index);

  /**
   * Returns the value of a field line.
   *
   * @param index the line, from 0 to {@link #size()} − 1
   * @return the value, without white space around it
   * @throws IndexOutOfBoundsException if there is no such line
   */
  String value(int index);

  /**
   * Returns the value of the first line with a name.
   *
   * @param name the name, in any case
   * @return its value, or null when there is no such field
   */
  @Nullable String get(String name);

  /**
   * Returns whether a field is present.
   *
   * @param name the name, in any case
   * @return whether at least one line has that name
   */
  boolean contains(String name);

  /**
   * Returns the values of all lines with a name.
   *
   * @param name the name, in any case
   * @return an immutable copy of the values in their order; empty when there is none
   */
  List<String> all(String name);

  /**
   * Returns all lines.
   *
   * @return an immutable copy, in order
   */
  List<HeaderField> fields();

  /**
   * Calls {@code action} with name and value of each line, in order.
   *
   * @param action what to call; it must not change these headers
   */
  default void forEach(BiConsumer<? super String, ? super String> action) {
    for (int i = 0, n = size(); i < n; i++) {
      action.accept(name(i), value(i));
    }
  }
}
