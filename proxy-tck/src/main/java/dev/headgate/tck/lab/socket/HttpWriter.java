package dev.headgate.tck.lab.socket;

import dev.headgate.tck.lab.BodyWriter;
import dev.headgate.tck.lab.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes a body onto a connection, chunked or as it is. */
final class HttpWriter implements BodyWriter {
  private static final int PIECE_BYTES = 8 * 1024;
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Connection connection;
  private final Runnable onEnd;
  private boolean chunked;
  private boolean ended;
  private @Nullable ByteBuffer stalled;

  /** {@code onEnd} is told once that all was written. */
  HttpWriter(Connection connection, Runnable onEnd) {
    this.connection = connection;
    this.onEnd = onEnd;
  }

  /** Begins with the body of a head that was written. */
  void begin(boolean withChunks, boolean none) {
    chunked = withChunks;
    if (none) finished();
  }

  boolean ended() {
    return ended;
  }

  @Override
  public void send(byte[] bytes) {
    if (bytes.length == 0) return;
    try {
      flush();
      connection.write(framed(bytes));
    } catch (IOException e) {
      throw connection.broken("send " + bytes.length + " bytes", e);
    }
  }

  @Override
  public long sendUntilStalled(long maxBytes) {
    long sent = 0;
    try {
      flush();
      while (sent < maxBytes) {
        int size = (int) Math.min(PIECE_BYTES, maxBytes - sent);
        ByteBuffer piece = framed(Payload.of(sent, size));
        sent += size;
        if (connection.writeUntilStalled(piece)) continue;
        // Counted; goes out before whatever is sent next.
        stalled = piece;
        break;
      }
    } catch (IOException e) {
      throw connection.broken("send until it stalls", e);
    }
    return sent;
  }

  @Override
  public void end(String... trailers) {
    if (ended) return;
    try {
      flush();
      if (chunked) connection.write(HttpHeads.text("0", trailers));
    } catch (IOException e) {
      throw connection.broken("end", e);
    }
    finished();
  }

  private void flush() throws IOException {
    ByteBuffer rest = stalled;
    stalled = null;
    if (rest != null) connection.write(rest);
  }

  private void finished() {
    if (ended) return;
    ended = true;
    onEnd.run();
  }

  private ByteBuffer framed(byte[] bytes) {
    if (!chunked) return ByteBuffer.wrap(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 12);
    out.writeBytes(Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(LINE_END);
    out.writeBytes(bytes);
    out.writeBytes(LINE_END);
    return ByteBuffer.wrap(out.toByteArray());
  }
}
