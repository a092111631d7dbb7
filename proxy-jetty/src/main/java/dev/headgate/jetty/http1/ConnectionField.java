package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;

/** What a {@code Connection} field asks for. Stateless. */
public final class ConnectionField {
  private ConnectionField() {}

  /**
   * Returns whether the connection may be used again.
   *
   * @param headers a message's fields
   * @param http11 whether its version is 1.1, where that is the default
   * @return whether it may
   */
  public static boolean persists(HeaderList headers, boolean http11) {
    return http11 ? !names(headers, "close") : names(headers, "keep-alive");
  }

  private static boolean names(HeaderList headers, String option) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("Connection")) continue;
      String options = headers.value(i);
      if (options.equalsIgnoreCase(option)) return true;
      if (options.indexOf(',') < 0) continue;
      for (String token : options.split(",", -1)) {
        if (token.trim().equalsIgnoreCase(option)) return true;
      }
    }
    return false;
  }
}
