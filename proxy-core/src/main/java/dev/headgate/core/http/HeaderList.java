package dev.headgate.core.http;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.Headers;
import dev.headgate.api.http.MutableHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one head, as an array of names and values.
 *
 * <p>Made for the hook runner: {@link #mark()} and {@link #rollback()} undo what a failed hook
 * wrote and cost nothing when nothing fails or nothing is written, as the array is shared until an
 * existing line is changed. {@link #writer(Thread)} limits writing to the thread of the call. Not
 * thread-safe.
 */
public final class HeaderList implements MutableHeaders {
  private static final int DEFAULT_LINES = 12;

  /** Name and value of line i at 2i and 2i + 1. */
  private String[] pairs;

  private int length;
  private String @Nullable [] markedPairs;
  private int markedLength;

  /**
   * Whether lines below {@link #length} may not be changed in place: a mark or a copy shares them.
   */
  private boolean shared;

  /** Whether no line may be appended in place either: a copy shares the room behind them. */
  private boolean roomShared;

  private boolean restricted;
  private @Nullable Thread writer;

  /** Makes an empty list. */
  public HeaderList() {
    this(DEFAULT_LINES);
  }

  /**
   * Makes an empty list with room.
   *
   * @param lines how many lines fit without growing
   */
  public HeaderList(int lines) {
    this.pairs = new String[Math.max(1, lines) * 2];
  }

  private HeaderList(String[] pairs, int length) {
    this.pairs = pairs;
    this.length = length;
    this.shared = true;
    this.roomShared = true;
  }

  /**
   * Makes a list from checked fields.
   *
   * @param fields the fields, in order
   * @return a new list
   */
  public static HeaderList of(List<HeaderField> fields) {
    HeaderList list = new HeaderList(fields.size() + 4);
    for (int i = 0; i < fields.size(); i++) {
      HeaderField field = fields.get(i);
      list.append(field.name(), field.value());
    }
    return list;
  }

  /**
   * Makes an independent list with the same lines. The array is copied only when one of the two
   * changes.
   *
   * @return the other list, unrestricted
   */
  public HeaderList copy() {
    shared = true;
    roomShared = true;
    return new HeaderList(pairs, length);
  }

  /**
   * Adds a line without checking it: for backends whose parser did, and for constants.
   *
   * @param name a legal name
   * @param value a legal value
   */
  public void append(String name, String value) {
    if (length == pairs.length) {
      own(length * 2);
    } else if (roomShared) {
      own(pairs.length);
    }
    pairs[length] = name;
    pairs[length + 1] = value;
    length += 2;
  }

  /**
   * Sets a field to one line without checking it.
   *
   * @param name a legal name
   * @param value a legal value
   */
  public void replace(String name, String value) {
    int first = indexOf(name, 0);
    if (first < 0) {
      append(name, value);
      return;
    }
    unshare();
    pairs[first + 1] = value;
    removeFrom(first + 2, name);
  }

  /**
   * Sets the value of one line without checking it.
   *
   * @param index the line, from 0
   * @param value a legal value
   */
  public void value(int index, String value) {
    Objects.checkIndex(index, length >> 1);
    unshare();
    pairs[(index << 1) + 1] = value;
  }

  /**
   * Removes all lines with a name, whoever may write.
   *
   * @param name the name, in any case
   * @return whether there was one
   */
  public boolean drop(String name) {
    int first = indexOf(name, 0);
    if (first < 0) return false;
    unshare();
    removeFrom(first, name);
    return true;
  }

  /** Removes all lines. */
  public void clear() {
    if (shared) {
      pairs = new String[DEFAULT_LINES * 2];
      shared = false;
      roomShared = false;
    }
    length = 0;
  }

  /**
   * Remembers the present lines for {@link #rollback()}. One mark at a time: the last one counts.
   */
  public void mark() {
    markedPairs = pairs;
    markedLength = length;
    shared = true;
  }

  /**
   * Goes back to the lines at the last {@link #mark()}.
   *
   * @throws IllegalStateException if there is no mark
   */
  public void rollback() {
    if (markedPairs == null) throw new IllegalStateException("no mark to roll back to");
    pairs = markedPairs;
    length = markedLength;
    shared = true;
    roomShared = true; // a copy that was made since may have lines there
  }

  /**
   * Replaces all lines by those of another list.
   *
   * @param other the other list
   */
  public void adopt(HeaderList other) {
    HeaderList copy = other.copy();
    pairs = copy.pairs;
    length = copy.length;
    shared = true;
    roomShared = true;
  }

  /**
   * Limits the methods of {@link MutableHeaders} that write to one thread.
   *
   * @param thread the thread, or null to let nobody write
   */
  public void writer(@Nullable Thread thread) {
    restricted = true;
    writer = thread;
  }

  /** Lifts the limit of {@link #writer(Thread)}. */
  public void unrestrict() {
    restricted = false;
    writer = null;
  }

  @Override
  public int size() {
    return length >> 1;
  }

  @Override
  public String name(int index) {
    return pairs[Objects.checkIndex(index, length >> 1) << 1];
  }

  @Override
  public String value(int index) {
    return pairs[(Objects.checkIndex(index, length >> 1) << 1) + 1];
  }

  @Override
  public @Nullable String get(String name) {
    int index = indexOf(name, 0);
    return index < 0 ? null : pairs[index + 1];
  }

  @Override
  public boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  @Override
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 2)) values.add(pairs[i + 1]);
    return List.copyOf(values);
  }

  @Override
  public List<HeaderField> fields() {
    List<HeaderField> fields = new ArrayList<>(size());
    for (int i = 0; i < length; i += 2) fields.add(new HeaderField(pairs[i], pairs[i + 1]));
    return List.copyOf(fields);
  }

  @Override
  public void set(String name, String value) {
    requireWritable();
    replace(FieldSyntax.requireName(name), FieldSyntax.requireValue(name, value));
  }

  @Override
  public void add(String name, String value) {
    requireWritable();
    append(FieldSyntax.requireName(name), FieldSyntax.requireValue(name, value));
  }

  @Override
  public boolean remove(String name) {
    requireWritable();
    return drop(name);
  }

  /**
   * Returns whether two lists have the same lines in the same order, with names spelled alike.
   *
   * @param other the other list
   * @return whether they have
   */
  public boolean sameAs(Headers other) {
    if (other.size() != size()) return false;
    for (int i = 0; i < size(); i++) {
      if (!name(i).equals(other.name(i)) || !value(i).equals(other.value(i))) return false;
    }
    return true;
  }

  /** Shows names only: values may be secrets. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < length; i += 2) out.append(i == 0 ? "" : ", ").append(pairs[i]);
    return out.append(']').toString();
  }

  /**
   * Checks that the calling thread may write.
   *
   * @throws IllegalStateException if not
   */
  public void requireWritable() {
    if (restricted && writer != Thread.currentThread()) {
      throw new IllegalStateException(
          "this head may be written only inside the hook that decides on it, on the hook's thread");
    }
  }

  private void unshare() {
    if (shared) own(pairs.length);
  }

  private void own(int size) {
    pairs = Arrays.copyOf(pairs, size);
    shared = false;
    roomShared = false;
  }

  private void removeFrom(int from, String name) {
    int to = from;
    for (int i = from; i < length; i += 2) {
      if (!equal(pairs[i], name)) {
        pairs[to] = pairs[i];
        pairs[to + 1] = pairs[i + 1];
        to += 2;
      }
    }
    length = to;
  }

  private int indexOf(String name, int from) {
    for (int i = from; i < length; i += 2) {
      if (equal(pairs[i], name)) return i;
    }
    return -1;
  }

  private static boolean equal(String a, String b) {
    return a.length() == b.length() && a.equalsIgnoreCase(b);
  }
}
