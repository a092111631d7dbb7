package dev.headgate.wasm;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an exchange that guests can see: texts by name, shared by all guests and by the
 * plugins in Java that use this class. Attributes of other keys are none of theirs. Thread-safe.
 */
public final class GuestAttributes {
  /** What names and values of one exchange may take together, in characters: {@value}. */
  public static final int MAX_CHARACTERS = 64 * 1024;

  /** The map is never changed, so that what a failed hook did can be undone. */
  private static final AttributeKey<Map<String, String>> KEY = AttributeKey.named("wasm.guest");

  /** Read, copy and write must not overlap; what they do takes less than a microsecond. */
  private static final Object LOCK = new Object();

  private GuestAttributes() {}

  /** Does nothing but have this class initialized. */
  static void initialize() {}

  /**
   * Returns a value.
   *
   * @param attributes of the exchange
   * @param name the name
   * @return the value, or null
   */
  public static @Nullable String get(Attributes attributes, String name) {
    Objects.requireNonNull(name, "name");
    Map<String, String> all = attributes.get(KEY);
    return all == null ? null : all.get(name);
  }

  /**
   * Sets or removes a value.
   *
   * @param attributes of the exchange
   * @param name the name
   * @param value the value, or null to remove it
   * @throws IllegalArgumentException if the exchange would have more than {@link #MAX_CHARACTERS}
   */
  public static void put(Attributes attributes, String name, @Nullable String value) {
    Objects.requireNonNull(name, "name");
    synchronized (LOCK) {
      Map<String, String> present = attributes.get(KEY);
      Map<String, String> all = new HashMap<>(present == null ? Map.of() : present);
      if (value == null) {
        all.remove(name);
      } else {
        all.put(name, value);
      }
      long size =
          all.entrySet().stream()
              .mapToLong(entry -> (long) entry.getKey().length() + entry.getValue().length())
              .sum();
      if (size > MAX_CHARACTERS) {
        throw new IllegalArgumentException(
            "attributes of guests may take " + MAX_CHARACTERS + " characters per exchange");
      }
      attributes.put(KEY, Map.copyOf(all));
    }
  }
}
