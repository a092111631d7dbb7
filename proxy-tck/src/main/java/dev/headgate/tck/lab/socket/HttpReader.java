package dev.headgate.tck.lab.socket;

import dev.headgate.api.http.Headers;
import dev.headgate.core.http.HeaderList;
import dev.headgate.tck.lab.BodyReader;
import dev.headgate.tck.lab.Ending;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a body off a connection, by its framing. */
final class HttpReader implements BodyReader {
  private static final int PIECE_BYTES = 8 * 1024;

  private final Connection connection;
  private final Runnable onEnd;
  private boolean chunked;

  /** What is left of the body or the chunk; −1: all up to the end of the connection. */
  private long left;

  /** Whether a chunk was begun, whose line end is still to come. */
  private boolean inChunk;

  private @Nullable Ending ending;
  private @Nullable HeaderList trailers;

  /** {@code onEnd} is told once of the end, clean or not. */
  HttpReader(Connection connection, Runnable onEnd) {
    this.connection = connection;
    this.onEnd = onEnd;
  }

  /** Begins with the body of a head that was read. */
  void begin(Headers headers, boolean none, boolean untilClose) {
    chunked = HttpHeads.chunked(headers) && !none;
    left = chunked ? 0 : HttpHeads.length(headers);
    if (left < 0 && !untilClose) left = 0;
    if (none) left = 0;
    if (left == 0 && !chunked) end(Ending.CLEAN);
  }

  /** Ends without a head. */
  void breakOff() {
    end(Ending.UNCLEAN);
  }

  @Nullable Ending known() {
    return ending;
  }

  @Override
  public byte[] read(int bytes) {
    byte[] out = new byte[bytes];
    int at = 0;
    while (at < bytes) {
      int count = next(out, at, bytes - at, "read " + bytes + " bytes");
      if (count < 0) {
        throw new AssertionError(
            connection.who + ": the body ended after " + at + " of " + bytes + " bytes");
      }
      at += count;
    }
    return out;
  }

  @Override
  public byte[] readSome() {
    byte[] out = new byte[PIECE_BYTES];
    int count = next(out, 0, out.length, "read");
    return Arrays.copyOf(out, Math.max(0, count));
  }

  @Override
  public byte[] readAll() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE_BYTES];
    int count = 0;
    while ((count = next(piece, 0, piece.length, "read the rest of the body")) >= 0) {
      out.write(piece, 0, count);
    }
    return out.toByteArray();
  }

  @Override
  public long drain() {
    byte[] piece = new byte[PIECE_BYTES];
    long sum = 0;
    int count = 0;
    while ((count = next(piece, 0, piece.length, "read the rest of the body")) >= 0) sum += count;
    return sum;
  }

  @Override
  public Ending ending() {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      while (read(piece, 0, piece.length) >= 0) {}
    } catch (IOException e) {
      end(Ending.UNCLEAN);
    }
    return ending == null ? Ending.UNCLEAN : ending;
  }

  @Override
  public @Nullable Headers trailers() {
    return trailers;
  }

  private int next(byte[] into, int offset, int length, String what) {
    try {
      return read(into, offset, length);
    } catch (IOException e) {
      end(Ending.UNCLEAN);
      throw connection.broken(what, e);
    }
  }

  /** Reads one byte or more; −1 at the clean end. */
  private int read(byte[] into, int offset, int length) throws IOException {
    if (ending == Ending.CLEAN) return -1;
    if (ending == Ending.UNCLEAN) throw new EOFException("the body broke off before");
    if (chunked && left == 0 && !nextChunk()) return -1;
    int wanted = left < 0 ? length : (int) Math.min(left, length);
    int count = connection.read(into, offset, wanted);
    if (count < 0) {
      if (left >= 0) throw new EOFException("the connection ended within the body");
      end(Ending.CLEAN);
      return -1;
    }
    if (left > 0) left -= count;
    if (left == 0 && !chunked) end(Ending.CLEAN);
    return count;
  }

  private boolean nextChunk() throws IOException {
    if (inChunk && !connection.line().isEmpty()) throw new AssertionError("no end of a chunk");
    String line = connection.line();
    int semicolon = line.indexOf(';');
    left = Long.parseLong((semicolon < 0 ? line : line.substring(0, semicolon)).trim(), 16);
    inChunk = true;
    if (left > 0) return true;
    HeaderList fields = HttpHeads.read(connection);
    if (fields.size() > 0) trailers = fields;
    end(Ending.CLEAN);
    return false;
  }

  private void end(Ending how) {
    if (ending != null) return;
    ending = how;
    onEnd.run();
  }
}
