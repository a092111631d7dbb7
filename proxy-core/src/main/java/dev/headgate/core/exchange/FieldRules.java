package dev.headgate.core.exchange;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an intermediary does to fields that pass through it (RFC 9110 §7.6). Stateless.
 *
 * <p>Works in one pass over the lines and allocates only where {@code Connection} names further
 * fields.
 */
final class FieldRules {
  private static final List<String> HOP_BY_HOP =
      List.of("Connection", "Proxy-Connection", "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade");

  private FieldRules() {}

  /**
   * Drops the fields that are meant for one connection only, and those that Connection names (rule
   * 1).
   */
  static void dropHopByHop(HeaderList headers) {
    List<String> named = null;
    boolean any = false;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      if (name.equalsIgnoreCase("Connection")) {
        if (named == null) named = new ArrayList<>(2);
        addTokens(headers.value(i), named);
        any = true;
      } else if (!any && isHopByHop(name)) {
        any = true;
      }
    }
    if (!any) return;
    for (int i = 0; i < HOP_BY_HOP.size(); i++) headers.drop(HOP_BY_HOP.get(i));
    if (named == null) return;
    for (String name : named) {
      // A client must not get rid of fields that the message can't do without by naming them.
      if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
        headers.drop(name);
      }
    }
  }

  private static boolean isHopByHop(String name) {
    for (int i = 0; i < HOP_BY_HOP.size(); i++) {
      if (name.equalsIgnoreCase(HOP_BY_HOP.get(i))) return true;
    }
    return false;
  }

  private static void addTokens(String list, List<String> tokens) {
    int start = 0;
    while (start <= list.length()) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      String token = list.substring(start, end).trim();
      if (!token.isEmpty()) tokens.add(token);
      start = end + 1;
    }
  }

  /** Returns whether a list-valued field names a token, parameters aside. */
  static boolean names(HeaderList headers, String field, String token) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase(field)) continue;
      List<String> members = new ArrayList<>(2);
      addTokens(headers.value(i), members);
      for (String member : members) {
        int semicolon = member.indexOf(';');
        String bare = semicolon < 0 ? member : member.substring(0, semicolon).trim();
        if (bare.equalsIgnoreCase(token)) return true;
      }
    }
    return false;
  }

  /**
   * Returns whether Via shows that a message has come through an intermediary of this name (rule
   * 3).
   */
  static boolean passedThrough(HeaderList headers, String pseudonym) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("Via")) continue;
      List<String> hops = new ArrayList<>(2);
      addTokens(headers.value(i), hops);
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

  /** Returns what this intermediary adds to Via for a message received in a version. */
  static String via(HttpVersion received, String pseudonym) {
    String version =
        switch (received) {
          case HTTP_1_0 -> "1.0 ";
          case HTTP_1_1 -> "1.1 ";
          case HTTP_2 -> "2.0 ";
        };
    return version + pseudonym;
  }

  /** Adds a hop to Via, on the line that is there. */
  static void addVia(HeaderList headers, String hop) {
    List<String> before = headers.contains("Via") ? headers.all("Via") : List.of();
    headers.replace("Via", before.isEmpty() ? hop : String.join(", ", before) + ", " + hop);
  }

  /**
   * Returns the transfer coding that can't be handled: any other than {@code chunked}, which the
   * listener has taken off (rule 7). Null when there is none.
   */
  static @Nullable String unknownTransferCoding(HeaderList headers) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("Transfer-Encoding")) continue;
      List<String> codings = new ArrayList<>(1);
      addTokens(headers.value(i), codings);
      for (String coding : codings) {
        if (!coding.equalsIgnoreCase("chunked")) return coding;
      }
    }
    return null;
  }

  /** Sets Content-Length, or removes it where the length is not known. */
  static void setLength(HeaderList headers, long length) {
    String text = length < 0 ? null : Long.toString(length);
    if (text == null) {
      headers.drop("Content-Length");
    } else if (!text.equals(headers.get("Content-Length"))
        || headers.all("Content-Length").size() > 1) {
      headers.replace("Content-Length", text);
    }
  }

  /**
   * Drops or weakens what vouches for the bytes of a body, as a plugin may change them (RFC 9110
   * §8.8).
   */
  static void weakenValidators(HeaderList headers) {
    String tag = headers.get("ETag");
    if (tag != null && !tag.startsWith("W/")) headers.replace("ETag", "W/" + tag);
    headers.drop("Content-MD5");
    headers.drop("Digest");
    headers.drop("Content-Digest");
    headers.drop("Repr-Digest");
    headers.drop("Accept-Ranges");
  }
}
