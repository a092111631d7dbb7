package dev.headgate.core.exchange;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import java.util.ArrayList;
import java.util.List;

/** What a proxy adds to {@code Via}, and how it knows itself in it (rule 3). Immutable. */
public final class Via {
  private static final String FIELD = "Via";

  private final String pseudonym;
  private final String http10;
  private final String http11;
  private final String http2;

  /**
   * Makes one for a proxy.
   *
   * @param pseudonym the proxy's name, a token
   */
  public Via(String pseudonym) {
    this.pseudonym = pseudonym;
    this.http10 = "1.0 " + pseudonym;
    this.http11 = "1.1 " + pseudonym;
    this.http2 = "2.0 " + pseudonym;
  }

  private String hop(HttpVersion received) {
    return switch (received) {
      case HTTP_1_0 -> http10;
      case HTTP_1_1 -> http11;
      case HTTP_2 -> http2;
    };
  }

  /** Adds the hop for a message received in a version, on the line that is there. */
  void add(HeaderList headers, HttpVersion received) {
    if (!headers.contains(FIELD)) {
      headers.append(FIELD, hop(received));
    } else {
      headers.replace(FIELD, String.join(", ", headers.all(FIELD)) + ", " + hop(received));
    }
  }

  /** Returns whether a message has come through an intermediary of this name. */
  boolean isIn(HeaderList headers) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase(FIELD)) continue;
      List<String> hops = new ArrayList<>(2);
      FieldRules.addTokens(headers.value(i), hops);
      for (String hop : hops) {
        int space = hop.indexOf(' ');
        if (space < 0) continue;
        String by = hop.substring(space + 1).trim();
        int comment = by.indexOf(' ');
        if ((comment < 0 ? by : by.substring(0, comment)).equals(pseudonym)) return true;
      }
    }
    return false;
  }
}
