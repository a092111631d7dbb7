package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What goes over a {@link Pipe}. */
sealed interface Wire {
  /** An interim or final response head. */
  record Head(int status, HeaderList headers) implements Wire {}

  /**
   * Bytes of a body; the last ones may be none, and carry the trailers. Piece by piece as they were
   * written.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] bytes, int from, boolean last, @Nullable HeaderList trailers)
      implements Wire {
    int size() {
      return bytes.length - from;
    }

    byte[] copy() {
      return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    Bytes head(int size) {
      return new Bytes(Arrays.copyOfRange(bytes, from, from + size), 0, false, null);
    }

    Bytes tail(int size) {
      return new Bytes(bytes, from + size, last, trailers);
    }
  }
}
