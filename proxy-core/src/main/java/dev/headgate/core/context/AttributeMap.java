package dev.headgate.core.context;

import dev.headgate.api.AttributeKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one exchange: few, so a small array, made when the first one comes.
 * Thread-safe.
 */
final class AttributeMap {
  private @Nullable Object @Nullable [] entries;
  private volatile @Nullable AttributeMap outer;

  @Nullable Object get(AttributeKey<?> key) {
    Object own = own(key);
    AttributeMap around = outer;
    return own != null || around == null ? own : around.get(key);
  }

  private synchronized @Nullable Object own(AttributeKey<?> key) {
    if (entries == null) return null;
    for (int i = 0; i < entries.length; i += 2) {
      if (entries[i] == key) return entries[i + 1];
    }
    return null;
  }

  /** Lets the attributes of another exchange be seen, where there are no own ones. */
  void within(AttributeMap around) {
    outer = around;
  }

  /** Sets or removes a value and returns the one before. */
  synchronized @Nullable Object put(AttributeKey<?> key, @Nullable Object value) {
    if (entries == null) entries = new @Nullable Object[8];
    int free = -1;
    for (int i = 0; i < entries.length; i += 2) {
      if (entries[i] == key) {
        Object before = entries[i + 1];
        entries[i + 1] = value;
        if (value == null) entries[i] = null;
        return before;
      }
      if (free < 0 && entries[i] == null) free = i;
    }
    if (value == null) return null;
    if (free < 0) {
      free = entries.length;
      entries = Arrays.copyOf(entries, free * 2);
    }
    entries[free] = key;
    entries[free + 1] = value;
    return null;
  }
}
