package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pieces of one body in the bytes of its connection (RFC 9112 sections 6 and 7). Never
 * takes a byte behind the body's end. Not thread-safe.
 */
public final class BodyParser {
  private enum State {
    /** As many bytes as Content-Length says. */
    LENGTH,
    /** All that comes, to the connection's end. */
    UNTIL_END,
    SIZE,
    BEFORE_EXTENSION,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    ENDED,
    BROKEN
  }

  /** More digits than any length needs; the next one could overflow. */
  private static final int MAX_DIGITS = 15;

  /** What a chunk may cost in extensions before that counts as excess. */
  private static final int FREE_EXTENSION_BYTES = 16;

  private final FieldParser fields;
  private final boolean lenient;
  private final int maxTrailerBytes;

  private State state = State.ENDED;
  private long length;
  private long left;
  private int digits;
  private long excess;
  private boolean closed;
  private @Nullable HeaderList trailers;

  /**
   * Makes a parser.
   *
   * @param fields reads trailers
   * @param lenient whether blanks behind a chunk's size are taken
   * @param maxTrailerBytes how long trailers may be, and extensions of chunks beyond the data's own
   *     size
   */
  BodyParser(FieldParser fields, boolean lenient, int maxTrailerBytes) {
    this.fields = fields;
    this.lenient = lenient;
    this.maxTrailerBytes = maxTrailerBytes;
  }

  /**
   * Begins a body of so many bytes.
   *
   * @param bytes 0 or more
   */
  public void length(long bytes) {
    begin(bytes == 0 ? State.ENDED : State.LENGTH, bytes);
  }

  /** Begins a body in the chunked coding. */
  public void chunked() {
    begin(State.SIZE, -1);
  }

  /** Begins a body that ends with its connection. */
  public void untilEnd() {
    begin(State.UNTIL_END, -1);
  }

  private void begin(State first, long bytes) {
    state = first;
    length = bytes;
    left = Math.max(0, bytes);
    digits = 0;
    excess = 0;
    closed = false;
    trailers = null;
  }

  /** Returns how long the body is; −1 when its head did not say. */
  long length() {
    return length;
  }

  /** Returns how much is known to be still to come. */
  long left() {
    return length < 0 ? 0 : left;
  }

  boolean ended() {
    return state == State.ENDED;
  }

  boolean broken() {
    return state == State.BROKEN;
  }

  /** Returns whether the body ended only because its connection did. */
  boolean endedWithConnection() {
    return closed;
  }

  /** Returns the trailers; null when there are none so far. */
  @Nullable HeaderList trailers() {
    return trailers;
  }

  /**
   * The connection has ended.
   *
   * @return whether that ends the body, as its head said
   */
  boolean endOfConnection() {
    if (state != State.UNTIL_END) return false;
    state = State.ENDED;
    closed = true;
    return true;
  }

  /**
   * Returns the next piece of content.
   *
   * @param in what has come; moved behind the piece, and behind the framing around it
   * @return the piece, which shares the buffer's memory; null when more bytes are needed, the body
   *     has ended, or it is broken
   */
  @Nullable ByteBuffer parse(ByteBuffer in) {
    while (true) {
      switch (state) {
        case ENDED, BROKEN -> {
          return null;
        }
        case LENGTH, UNTIL_END, DATA -> {
          return in.hasRemaining() ? piece(in) : null;
        }
        case TRAILERS -> {
          if (!trailers(in)) return null;
        }
        default -> {
          if (!in.hasRemaining()) return null;
          framing(in.get());
        }
      }
    }
  }

  private ByteBuffer piece(ByteBuffer in) {
    int size = in.remaining();
    if (state != State.UNTIL_END) {
      size = (int) Math.min(size, left);
      left -= size;
      if (left == 0) state = state == State.DATA ? State.DATA_CR : State.ENDED;
    }
    ByteBuffer piece = in.slice(in.position(), size);
    in.position(in.position() + size);
    return piece;
  }

  private void framing(byte b) {
    state =
        switch (state) {
          case SIZE -> size(b);
          case BEFORE_EXTENSION -> {
            if (b == ' ' || b == '\t') yield extension(State.BEFORE_EXTENSION);
            if (b == ';') yield extension(State.EXTENSION);
            yield b == '\r' && lenient ? State.SIZE_LF : State.BROKEN;
          }
          case EXTENSION -> {
            if (b == '\r') yield State.SIZE_LF;
            boolean legal = (b & 0xff) >= ' ' ? b != 0x7f : b == '\t';
            yield legal ? extension(State.EXTENSION) : State.BROKEN;
          }
          case SIZE_LF -> b == '\n' ? chunk() : State.BROKEN;
          case DATA_CR -> b == '\r' ? State.DATA_LF : State.BROKEN;
          case DATA_LF -> {
            digits = 0;
            yield b == '\n' ? State.SIZE : State.BROKEN;
          }
          default -> throw new IllegalStateException(state.name());
        };
  }

  private State size(byte b) {
    int digit = Character.digit((char) (b & 0xff), 16);
    if (digit >= 0 && b > 0) {
      left = digits == 0 ? digit : left << 4 | digit;
      digits++;
      return digits > MAX_DIGITS ? State.BROKEN : State.SIZE;
    }
    if (digits == 0) return State.BROKEN;
    return switch (b) {
      case '\r' -> State.SIZE_LF;
      case ';' -> extension(State.EXTENSION);
      case ' ', '\t' -> extension(State.BEFORE_EXTENSION);
      default -> State.BROKEN;
    };
  }

  /** Counts a byte that carries no content: there must not be many more of them than content. */
  private State extension(State next) {
    excess++;
    return excess > maxTrailerBytes ? State.BROKEN : next;
  }

  private State chunk() {
    excess = Math.max(0, excess - FREE_EXTENSION_BYTES - 2 * left);
    if (left > 0) return State.DATA;
    fields.begin(maxTrailerBytes);
    return State.TRAILERS;
  }

  /** Returns whether the trailers are complete, or broken. */
  private boolean trailers(ByteBuffer in) {
    HeaderList list = trailers;
    if (list == null) list = new HeaderList(4);
    try {
      boolean complete = fields.parse(in, list);
      if (list.size() > 0) trailers = list;
      if (complete) state = State.ENDED;
      return complete;
    } catch (BadHeadException e) {
      state = State.BROKEN;
      return true;
    }
  }
}
