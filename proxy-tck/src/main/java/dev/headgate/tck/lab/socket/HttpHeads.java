package dev.headgate.tck.lab.socket;

import dev.headgate.api.http.Headers;
import dev.headgate.core.http.HeaderList;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Heads as they stand on the wire. */
final class HttpHeads {
  private HttpHeads() {}

  /** Reads fields up to the empty line. */
  static HeaderList read(Connection connection) throws IOException {
    HeaderList headers = new HeaderList();
    for (String line = connection.line(); !line.isEmpty(); line = connection.line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) throw new AssertionError(connection.who + ": no field: '" + line + "'");
      headers.append(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return headers;
  }

  /** Renders a head with its empty line. */
  static String text(String firstLine, String... namesAndValues) {
    StringBuilder out = new StringBuilder(firstLine).append("\r\n");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.append(namesAndValues[i]).append(": ").append(namesAndValues[i + 1]).append("\r\n");
    }
    return out.append("\r\n").toString();
  }

  static boolean has(String name, String... namesAndValues) {
    return value(name, namesAndValues) != null;
  }

  static @Nullable String value(String name, String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) return namesAndValues[i + 1];
    }
    return null;
  }

  /** The fields that were given, and one more. */
  static String[] with(String[] namesAndValues, String name, String value) {
    String[] all = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
    all[namesAndValues.length] = name;
    all[namesAndValues.length + 1] = value;
    return all;
  }

  static boolean chunked(Headers headers) {
    return "chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"));
  }

  /** The declared length; −1 for none. */
  static long length(Headers headers) {
    String value = headers.get("Content-Length");
    return value == null ? -1 : Long.parseLong(value);
  }

  static boolean bodyless(String method, int status) {
    return method.equals("HEAD") || status == 204 || status == 304;
  }
}
