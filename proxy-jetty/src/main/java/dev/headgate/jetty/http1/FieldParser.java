package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads sections of fields, heads and trailers, line by line (RFC 9112 section 5). Strict: no line
 * may be folded, no name be anything but a token, no value have a control character, and each line
 * ends with CR LF. Where it is lenient, as a recipient of responses should be, it takes a bare line
 * feed, and blanks before a colon.
 *
 * <p>Holds what has come of an unfinished line, and nothing else but a few values that tend to come
 * again. Not thread-safe.
 */
final class FieldParser {
  /** The status of a refusal for the size of a section. */
  static final int TOO_LARGE = 431;

  private static final int BAD_REQUEST = 400;
  private static final int SCRATCH_BYTES = 4096;
  private static final ThreadLocal<byte[]> SCRATCH =
      ThreadLocal.withInitial(() -> new byte[SCRATCH_BYTES]);
  private static final int MAX_STEADY_BYTES = 200;

  /** Which bytes may stand in a token (RFC 9110 section 5.6.2). */
  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (int c = '!'; c < 0x7f; c++) TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
  }

  private final boolean lenient;
  private final @Nullable String[] steady = new String[KnownText.steadyNames()];

  // Of the section that is being read.
  private int limit;
  private int bytes;
  private byte @Nullable [] carry;
  private int carried;

  FieldParser(boolean lenient) {
    this.lenient = lenient;
  }

  /**
   * Begins a section.
   *
   * @param maxBytes how long it may be, with its last line
   */
  void begin(int maxBytes) {
    limit = maxBytes;
    bytes = 0;
    carry = null;
    carried = 0;
  }

  /**
   * Reads on.
   *
   * @param in what has come; consumed up to the end of the section
   * @param into where the fields go
   * @return whether the section is complete; if not, more bytes are needed
   * @throws BadHeadException if it isn't one, or over the limit
   */
  boolean parse(ByteBuffer in, HeaderList into) throws BadHeadException {
    while (true) {
      int start = in.position();
      int lf = indexOfLineFeed(in, start, in.limit());
      int length = (lf < 0 ? in.limit() : lf + 1) - start;
      bytes += length;
      if (bytes > limit) throw new BadHeadException(TOO_LARGE, "over the limit");
      if (lf < 0) {
        if (length > 0) carry(in, length);
        return false;
      }
      byte[] line;
      int end;
      byte[] before = carry;
      if (before == null) {
        line = length <= SCRATCH_BYTES ? SCRATCH.get() : new byte[length];
        in.get(line, 0, length);
        end = length;
      } else {
        line = carry(in, length);
        end = carried;
        carry = null;
        carried = 0;
      }
      end--;
      if (end > 0 && line[end - 1] == '\r') {
        end--;
      } else if (!lenient) {
        throw bad("a line ends with a bare LF");
      }
      if (end == 0) return true;
      field(line, end, into);
    }
  }

  private static int indexOfLineFeed(ByteBuffer in, int from, int to) {
    for (int i = from; i < to; i++) {
      if (in.get(i) == '\n') return i;
    }
    return -1;
  }

  /** Keeps a part of a line whose other parts lie in other buffers. */
  private byte[] carry(ByteBuffer in, int length) {
    byte[] kept = carry;
    if (kept == null) {
      kept = new byte[length + 64];
    } else if (kept.length < carried + length) {
      kept = Arrays.copyOf(kept, Math.max(carried + length, kept.length * 2));
    }
    in.get(kept, carried, length);
    carried += length;
    carry = kept;
    return kept;
  }

  private void field(byte[] line, int end, HeaderList into) throws BadHeadException {
    int nameEnd = 0;
    while (nameEnd < end && TOKEN[line[nameEnd] & 0xff]) nameEnd++;
    int colon = nameEnd;
    if (lenient) colon = skipBlanks(line, colon, end);
    if (nameEnd == 0 || colon == end || line[colon] != ':') {
      throw bad("a line is no field");
    }
    int from = skipBlanks(line, colon + 1, end);
    int to = end;
    while (to > from && isBlank(line[to - 1])) to--;
    for (int i = from; i < to; i++) {
      int b = line[i] & 0xff;
      if ((b < ' ' && b != '\t') || b == 0x7f) throw bad("a value has a control character");
    }
    KnownText.Name name = KnownText.name(line, 0, nameEnd);
    if (name == null) {
      into.append(text(line, 0, nameEnd), value(line, from, to));
    } else {
      into.append(
          name.text(),
          name.steady() < 0 ? value(line, from, to) : steady(name.steady(), line, from, to));
    }
  }

  private static int skipBlanks(byte[] line, int from, int end) {
    int i = from;
    while (i < end && isBlank(line[i])) i++;
    return i;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static String value(byte[] line, int from, int to) {
    String known = KnownText.value(line, from, to);
    return known != null ? known : text(line, from, to);
  }

  /** The same value as in the head before, mostly. */
  private String steady(int index, byte[] line, int from, int to) {
    String before = steady[index];
    if (before != null && KnownText.matches(before, line, from, to - from)) return before;
    String now = value(line, from, to);
    if (to - from <= MAX_STEADY_BYTES) steady[index] = now;
    return now;
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static BadHeadException bad(String what) {
    return new BadHeadException(BAD_REQUEST, what);
  }
}
