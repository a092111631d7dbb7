package dev.headgate.core.exchange;

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

  private static final List<String> NEVER_TRAILERS =
      List.of("Content-Length", "Host", "Trailer", "Proxy-Authorization");

  private FieldRules() {}

  /**
   * Drops the fields that are meant for one connection only, and those that Connection names (rule
   * 1).
   *
   * @return what Connection names beyond them
   */
  static List<String> dropHopByHop(HeaderList headers) {
    List<String> named = null;
    boolean any = false;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      if (name.equalsIgnoreCase("Connection")) {
        any = true;
        String options = headers.value(i);
        if (options.equalsIgnoreCase("close") || options.equalsIgnoreCase("keep-alive")) continue;
        if (named == null) named = new ArrayList<>(2);
        addTokens(options, named);
      } else if (!any && isHopByHop(name)) {
        any = true;
      }
    }
    if (!any) return List.of();
    for (int i = 0; i < HOP_BY_HOP.size(); i++) headers.drop(HOP_BY_HOP.get(i));
    if (named == null) return List.of();
    for (String name : named) {
      // A client must not get rid of fields that the message can't do without by naming them.
      if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
        headers.drop(name);
      }
    }
    return named;
  }

  /**
   * Drops the fields that Connection names but those that every hop knows, and their names. Before
   * any plugin is called: else a client could get rid of a field that a plugin sets, such as one
   * that says who the client is, by naming it.
   *
   * @return what was named, so that trailers can be rid of it too
   */
  static List<String> dropNamed(HeaderList headers) {
    List<String> options = null;
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("Connection") || isKnownOption(headers.value(i))) {
        continue;
      }
      if (options == null) options = new ArrayList<>(2);
      addTokens(headers.value(i), options);
    }
    if (options == null) return List.of();
    List<String> named = new ArrayList<>(2);
    List<String> kept = new ArrayList<>(2);
    for (String option : options) (isKnownOption(option) ? kept : named).add(option);
    if (named.isEmpty()) return named;
    for (int i = 0, n = headers.size(); i < n; i++) {
      boolean known = isKnownOption(headers.value(i));
      if (known && headers.name(i).equalsIgnoreCase("Connection")) kept.add(headers.value(i));
    }
    headers.drop("Connection");
    if (!kept.isEmpty()) headers.append("Connection", String.join(", ", kept));
    for (String name : named) headers.drop(name);
    return named;
  }

  /**
   * One without a field, one whose field is needed until the head is sent, or can't be done
   * without.
   */
  private static boolean isKnownOption(String option) {
    return option.equalsIgnoreCase("close")
        || isHopByHop(option)
        || option.equalsIgnoreCase("Host")
        || option.equalsIgnoreCase("Content-Length")
        || option.equalsIgnoreCase("Proxy-Authorization");
  }

  /**
   * Drops from trailers what is meant for one connection only, here or by the head, and what could
   * not be told any more where a recipient merges them into the head: framing, routing, and what
   * this proxy is to consume (RFC 9110 §6.5.1).
   */
  static void cleanTrailers(HeaderList trailers, List<String> named) {
    dropHopByHop(trailers);
    for (String name : named) trailers.drop(name);
    for (int i = 0; i < NEVER_TRAILERS.size(); i++) trailers.drop(NEVER_TRAILERS.get(i));
  }

  private static boolean isHopByHop(String name) {
    for (int i = 0; i < HOP_BY_HOP.size(); i++) {
      if (name.equalsIgnoreCase(HOP_BY_HOP.get(i))) return true;
    }
    return false;
  }

  /** Adds the members of a comma-separated list, without blanks around them. */
  static void addTokens(String list, List<String> tokens) {
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
    if (length < 0) {
      headers.drop("Content-Length");
    } else if (!says(headers, length)) {
      headers.replace("Content-Length", Long.toString(length));
    }
  }

  /** Returns whether there is one Content-Length, which says exactly this. */
  private static boolean says(HeaderList headers, long length) {
    String found = null;
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("Content-Length")) continue;
      if (found != null) return false;
      found = headers.value(i);
    }
    return found != null && isDecimal(found, length);
  }

  private static boolean isDecimal(String text, long value) {
    long left = value;
    for (int i = text.length() - 1; i >= 0; i--) {
      if (text.charAt(i) != '0' + left % 10) return false;
      left /= 10;
      if (left == 0) return i == 0;
    }
    return false;
  }

  /**
   * Returns whether a response's body is to arrive as it was sent: a part of a whole, whose range
   * would be wrong, or one that says so itself (rule 20, RFC 9110 §7.7).
   */
  static boolean mustStay(int status, HeaderList headers) {
    return status == 206 || names(headers, "Cache-Control", "no-transform");
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
