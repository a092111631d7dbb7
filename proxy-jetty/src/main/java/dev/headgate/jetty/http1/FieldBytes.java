package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;

/** Renders fields, byte for byte as given. Stateless. */
public final class FieldBytes {
  private FieldBytes() {}

  /**
   * Returns how many bytes fields need.
   *
   * @param headers the fields
   * @return bytes, with the empty line at their end
   */
  public static int size(HeaderList headers) {
    int bytes = 2;
    for (int i = 0, n = headers.size(); i < n; i++) {
      bytes += headers.name(i).length() + headers.value(i).length() + 4;
    }
    return bytes;
  }

  /**
   * Puts a line for each field.
   *
   * @param out where to
   * @param headers the fields
   */
  public static void put(ByteBuffer out, HeaderList headers) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      putText(out, headers.name(i));
      out.put((byte) ':').put((byte) ' ');
      putText(out, headers.value(i));
      endLine(out);
    }
  }

  /**
   * Ends a line.
   *
   * @param out where to
   */
  public static void endLine(ByteBuffer out) {
    out.put((byte) '\r').put((byte) '\n');
  }

  /**
   * Puts Latin-1. What could end a line, or is no Latin-1, can't get here by the header API; it
   * never gets out.
   *
   * @param out where to
   * @param text the text
   */
  public static void putText(ByteBuffer out, String text) {
    for (int i = 0, n = text.length(); i < n; i++) {
      char c = text.charAt(i);
      out.put(c > 0xff || (c < ' ' && c != '\t') || c == 0x7f ? (byte) '?' : (byte) c);
    }
  }
}
