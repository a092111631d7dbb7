package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import java.util.List;
import java.util.Locale;

/** What the backend makes of heads, and what the core's must not have. */
final class Heads {
  private static final List<String> HOP_BY_HOP =
      List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding");

  private Heads() {}

  static HeaderList of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values must come in pairs, but there were " + namesAndValues.length);
    }
    HeaderList headers = new HeaderList();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.append(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  /** Takes over a head of the core's, and reports what could not be sent as it is. */
  static HeaderList take(MemoryEngine engine, String who, HeaderList headers) {
    HeaderList copy = headers.copy();
    for (String name : HOP_BY_HOP) {
      if (copy.contains(name)) {
        engine.violation(
            who + ": the core gave the hop-by-hop field '" + name + "' to the backend");
      }
    }
    try {
      copy.fields();
    } catch (IllegalArgumentException e) {
      engine.ledger().violation(who + ": the core gave an illegal field to the backend", e);
    }
    return copy;
  }

  /** The declared length; −1 when there is none, −2 when it makes no sense. */
  static long contentLength(HeaderList headers) {
    long length = -1;
    for (String value : headers.all("Content-Length")) {
      long one = parse(value);
      if (one < 0 || (length >= 0 && one != length)) return -2;
      length = one;
    }
    return length;
  }

  private static long parse(String value) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) return -2;
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      return -2;
    }
  }

  static boolean bodyless(String method, int status) {
    return method.equals("HEAD") || status == 204 || status == 304;
  }

  static boolean expectsContinue(HeaderList headers) {
    String expect = headers.get("Expect");
    return expect != null && expect.toLowerCase(Locale.ROOT).equals("100-continue");
  }

  /** What the fields take in HTTP/1.1. */
  static int size(HeaderList headers) {
    int size = 0;
    for (int i = 0; i < headers.size(); i++) {
      size += headers.name(i).length() + headers.value(i).length() + 4;
    }
    return size;
  }
}
