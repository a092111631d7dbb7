package dev.headgate.core.forwarded;

import dev.headgate.core.http.HeaderList;

/** The two families of fields that tell of earlier hops. */
public enum ForwardedFamily {
  /** {@code Forwarded} (RFC 7239). */
  FORWARDED {
    @Override
    boolean has(String name) {
      return name.length() == 9 && name.equalsIgnoreCase("Forwarded");
    }
  },
  /** All fields whose names begin with {@code X-Forwarded-}. */
  X_FORWARDED {
    @Override
    boolean has(String name) {
      return name.length() > 12 && name.regionMatches(true, 0, "X-Forwarded-", 0, 12);
    }
  };

  abstract boolean has(String name);

  /** Drops all fields of the family. */
  void drop(HeaderList headers) {
    for (int i = 0; i < headers.size(); ) {
      String name = headers.name(i);
      if (!has(name) || !headers.drop(name)) i++;
    }
  }
}
