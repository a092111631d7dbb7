package dev.headgate.core.forwarded;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads who sent a request from what intermediaries wrote of it. Stateless. */
final class ForwardedChain {
  private ForwardedChain() {}

  /** The node of each hop in {@code Forwarded}, oldest first; empty when the value is malformed. */
  static List<@Nullable InetAddress> forwarded(HeaderList headers) {
    List<@Nullable InetAddress> nodes = new ArrayList<>(2);
    for (String line : headers.all("Forwarded")) {
      if (!elements(line, nodes)) return List.of();
    }
    return nodes;
  }

  /** The node of each hop in {@code X-Forwarded-For}, oldest first. */
  static List<@Nullable InetAddress> forwardedFor(HeaderList headers) {
    List<@Nullable InetAddress> nodes = new ArrayList<>(2);
    for (String line : headers.all("X-Forwarded-For")) {
      for (String member : line.split(",", -1)) {
        if (!member.isBlank()) nodes.add(node(member.trim()));
      }
    }
    return nodes;
  }

  /** RFC 7239 section 4: pairs in elements, with quoted strings; false for anything else. */
  private static boolean elements(String line, List<@Nullable InetAddress> nodes) {
    InetAddress node = null;
    boolean any = false;
    int at = 0;
    while (at <= line.length()) {
      int equals = at;
      while (equals < line.length() && "=,;\"".indexOf(line.charAt(equals)) < 0) equals++;
      String name = line.substring(at, equals).trim();
      if (equals < line.length() && line.charAt(equals) == '=') {
        StringBuilder value = new StringBuilder();
        at = value(line, equals + 1, value);
        if (at < 0 || name.isEmpty()) return false;
        any = true;
        if (name.equalsIgnoreCase("for")) node = node(value.toString());
      } else if (name.isEmpty() && (equals == line.length() || line.charAt(equals) != '"')) {
        at = equals;
      } else {
        return false;
      }
      if (at == line.length() || line.charAt(at) == ',') {
        if (any) nodes.add(node);
        node = null;
        any = false;
      }
      at++;
    }
    return true;
  }

  /** Reads a token or a quoted string; returns where the separator behind it is, or −1. */
  private static int value(String line, int start, StringBuilder value) {
    int i = start;
    if (i < line.length() && line.charAt(i) == '"') {
      for (i++; i < line.length() && line.charAt(i) != '"'; i++) {
        if (line.charAt(i) == '\\' && ++i == line.length()) return -1;
        value.append(line.charAt(i));
      }
      if (i >= line.length()) return -1;
      i++;
    } else {
      while (i < line.length() && ",; \t\"".indexOf(line.charAt(i)) < 0) {
        value.append(line.charAt(i++));
      }
    }
    while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '\t')) i++;
    return i == line.length() || line.charAt(i) == ',' || line.charAt(i) == ';' ? i : -1;
  }

  /** An address, perhaps with a port; null for {@code unknown} and hidden ones. */
  private static @Nullable InetAddress node(String text) {
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      return close < 0 ? null : IpText.parse(text.substring(1, close));
    }
    int colon = text.indexOf(':');
    boolean port = colon >= 0 && colon == text.lastIndexOf(':');
    return IpText.parse(port ? text.substring(0, colon) : text);
  }
}
