package dev.headgate.jetty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A second reader of HTTP/1.1, small and strict: what it refuses must not get past the proxy, and
 * what it reads must be what the proxy read.
 */
final class StrictReader {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/1\\.([01])");
  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.([0-9]) ([1-9][0-9]{2})(?: [^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?");

  /** The bytes break the grammar. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  /** The bytes end amid a message. */
  static final class CutException extends IOException {
    private static final long serialVersionUID = 1;

    CutException() {
      super("ended amid a message");
    }
  }

  /** A message; {@code start} is a request's method and target, or a response's status. */
  record Message(String start, String target, List<String[]> fields, String text, boolean toEnd) {
    int status() {
      return Integer.parseInt(start);
    }

    String get(String name) {
      for (String[] field : fields) if (field[0].equalsIgnoreCase(name)) return field[1];
      return null;
    }
  }

  private final InputStream in;

  /** Whether a response may have what recipients forgive (RFC 9112 sections 2.2, 5.1, 7.1). */
  private final boolean lenient;

  StrictReader(InputStream in, boolean lenient) {
    this.in = in;
    this.lenient = lenient;
  }

  /** Called between head and body of a request that waits for 100 (Continue). */
  interface Continue {
    void send() throws IOException;
  }

  /** Reads a request; null at the end, where one could begin. */
  Message request(Continue expected) throws IOException {
    String line = firstLine();
    if (line == null) return null;
    var match = REQUEST_LINE.matcher(line);
    if (!match.matches()) throw new MalformedException("request line '" + line + "'");
    List<String[]> fields = fields();
    String length = framing(fields, match.group(3).equals("1"));
    if (has(fields, "Expect")) expected.send();
    byte[] body =
        length == null ? new byte[0] : length.equals("chunked") ? chunks() : bytes(number(length));
    return new Message(match.group(1), match.group(2), fields, text(body), false);
  }

  /** Reads a final response, past interim ones; null at the end, where one could begin. */
  Message response(boolean head) throws IOException {
    while (true) {
      String line = firstLine();
      if (line == null) return null;
      var match = STATUS_LINE.matcher(line);
      if (!match.matches()) throw new MalformedException("status line '" + line + "'");
      List<String[]> fields = fields();
      int status = Integer.parseInt(match.group(2));
      boolean bodiless = head || status < 200 || status == 204 || status == 304;
      // Where there is no body, what is said of one does no harm.
      String length = bodiless ? null : framing(fields, !match.group(1).equals("0"));
      if (status == 101) throw new MalformedException("nobody asked for 101");
      if (status < 200) continue;
      boolean toEnd = false;
      byte[] body;
      if (bodiless) {
        body = new byte[0];
      } else if (length == null) {
        body = in.readAllBytes();
        toEnd = true;
      } else {
        body = length.equals("chunked") ? chunks() : bytes(number(length));
      }
      return new Message(match.group(2), "", fields, text(body), toEnd);
    }
  }

  private String firstLine() throws IOException {
    String line = line(true);
    while (line != null && line.isEmpty()) line = line(true); // RFC 9112 section 2.2
    return line;
  }

  private List<String[]> fields() throws IOException {
    List<String[]> fields = new ArrayList<>();
    for (String line = line(false); !line.isEmpty(); line = line(false)) {
      int colon = line.indexOf(':');
      if (colon <= 0) throw new MalformedException("field '" + line + "'");
      String name = line.substring(0, colon);
      if (lenient) name = name.stripTrailing();
      if (!TOKEN.matcher(name).matches()) throw new MalformedException("name '" + name + "'");
      fields.add(new String[] {name, line.substring(colon + 1).strip()});
    }
    return fields;
  }

  /** Null for none, "chunked", or the length. */
  private static String framing(List<String[]> fields, boolean http11) throws MalformedException {
    String length = null;
    String coding = null;
    for (String[] field : fields) {
      if (field[0].equalsIgnoreCase("Content-Length")) {
        if (length != null) throw new MalformedException("two lengths");
        length = field[1];
        if (!length.matches("[0-9]{1,18}")) throw new MalformedException("length " + length);
      } else if (field[0].equalsIgnoreCase("Transfer-Encoding")) {
        coding = coding == null ? field[1] : coding + "," + field[1];
      }
    }
    if (coding == null) return length;
    List<String> codings = new ArrayList<>();
    for (String part : coding.toLowerCase(Locale.ROOT).split(",", -1)) {
      if (!part.isBlank()) codings.add(part.strip());
    }
    boolean last = codings.indexOf("chunked") == codings.size() - 1 && !codings.isEmpty();
    if (!last || length != null || !http11) throw new MalformedException("coding " + coding);
    return "chunked";
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static long number(String digits) {
    return Long.parseLong(digits);
  }

  private static boolean has(List<String[]> fields, String name) {
    return fields.stream().anyMatch(field -> field[0].equalsIgnoreCase(name));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(false);
      int digits = 0;
      while (digits < line.length() && Character.digit(line.charAt(digits), 16) >= 0) digits++;
      String rest = line.substring(digits).strip();
      if (digits == 0 || digits > 15 || !(rest.isEmpty() || rest.startsWith(";"))) {
        throw new MalformedException("chunk '" + line + "'");
      }
      long size = Long.parseLong(line.substring(0, digits), 16);
      if (size == 0) {
        fields();
        return body.toByteArray();
      }
      body.write(bytes(size));
      if (!line(false).isEmpty()) throw new MalformedException("a chunk is longer than it says");
    }
  }

  private byte[] bytes(long count) throws IOException {
    if (count > 1 << 20) {
      in.readAllBytes(); // no test sends so much: it will be cut
      throw new CutException();
    }
    byte[] read = in.readNBytes((int) count);
    if (read.length < count) throw new CutException();
    return read;
  }

  /** Reads a line with CR LF at its end; null at the end of all, where that may be. */
  private String line(boolean first) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (first && line.isEmpty()) return null;
        throw new CutException();
      }
      if (b == '\r') {
        int next = in.read();
        if (next < 0) throw new CutException();
        if (next != '\n') throw new MalformedException("a bare CR");
        return line.toString();
      }
      if (b == '\n') {
        if (!lenient) throw new MalformedException("a bare LF");
        return line.toString();
      }
      if ((b < ' ' && b != '\t') || b == 0x7f) throw new MalformedException("control " + b);
      line.append((char) b);
    }
  }
}
