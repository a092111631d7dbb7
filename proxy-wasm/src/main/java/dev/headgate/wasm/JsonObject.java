package dev.headgate.wasm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An object that people wrote, read by its members' names and types. Each method throws {@link
 * IllegalArgumentException} naming the member where it is of another type.
 */
record JsonObject(String path, Map<String, @Nullable Object> members) {
  static JsonObject read(byte[] json) {
    return new JsonObject("", Json.readObject(json));
  }

  /** Refuses members of other names: a slip of the pen would else have no effect. */
  JsonObject only(String... names) {
    Set<String> unknown = new TreeSet<>(members.keySet());
    unknown.removeAll(Set.of(names));
    if (unknown.isEmpty()) return this;
    throw new IllegalArgumentException(
        "unknown member " + quote(unknown.iterator().next()) + ", expected " + List.of(names));
  }

  @Nullable String string(String name) {
    return typed(name, String.class, "a string");
  }

  @Nullable Long number(String name) {
    return typed(name, Long.class, "a whole number");
  }

  @Nullable Boolean bool(String name) {
    return typed(name, Boolean.class, "true or false");
  }

  /** Returns a member that is an object; null where there is none. */
  @SuppressWarnings("unchecked") // Json.readObject makes no other maps
  @Nullable JsonObject object(String name) {
    Map<String, @Nullable Object> found = typed(name, Map.class, "an object");
    return found == null ? null : new JsonObject(path + name + ".", found);
  }

  /** Returns a list of strings; empty where there is none. */
  List<String> strings(String name) {
    List<?> found = typed(name, List.class, "an array of strings");
    if (found == null) return List.of();
    List<String> strings = new ArrayList<>();
    for (Object item : found) {
      if (!(item instanceof String text)) throw wrong(name, "an array of strings");
      strings.add(text);
    }
    return strings;
  }

  /** Calls the action with each member, for each of its strings where it is an array. */
  void forEachString(BiConsumer<String, String> action) {
    for (String name : members.keySet()) {
      if (members.get(name) instanceof List) {
        strings(name).forEach(value -> action.accept(name, value));
      } else {
        String value = string(name);
        if (value == null) throw wrong(name, "a string, or an array of strings");
        action.accept(name, value);
      }
    }
  }

  /** Returns all members, which must be strings. */
  Map<String, String> asStrings() {
    Map<String, String> strings = new LinkedHashMap<>();
    for (String name : members.keySet()) {
      String value = string(name);
      if (value == null) throw wrong(name, "a string");
      strings.put(name, value);
    }
    return strings;
  }

  private <T> @Nullable T typed(String name, Class<T> type, String expected) {
    Object value = members.get(name);
    if (value == null) return null;
    if (!type.isInstance(value)) throw wrong(name, expected);
    return type.cast(value);
  }

  private IllegalArgumentException wrong(String name, String expected) {
    return new IllegalArgumentException(quote(name) + " must be " + expected);
  }

  private String quote(String name) {
    return "'" + path + name + "'";
  }
}
