package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of one connection, one after the other: a head, and the body piece by piece
 * with the framing that was chosen. One write at a time; a head goes out with the first piece in
 * one write. Content goes to the socket without a copy, but for a small piece that fits behind the
 * head.
 */
public final class MessageWriter implements Callback {
  /** What may end a chunk: the first two bytes, the rest for an empty last one, or all. */
  private static final ByteBuffer CHUNK_END = constant("\r\n0\r\n\r\n");

  private static final int CRLF_BYTES = 2;
  private static final int CHUNK_END_BYTES = 7;
  private static final int CHUNK_HEAD_BYTES = 16;

  private final EndPoint endPoint;
  private final ByteBufferPool pool;
  private final ByteBuffer[] single = new ByteBuffer[1];
  private final ByteBuffer[] pair = new ByteBuffer[2];
  private final ByteBuffer[] triple = new ByteBuffer[3];

  /** This connection's own view of it, made for the first chunk. */
  private @Nullable ByteBuffer chunkEnd;

  // Of the message.
  private boolean chunked;
  private long left = -1;

  // Of the write that is under way.
  private @Nullable RetainableByteBuffer bytes;
  private @Nullable ByteBuffer head;
  private @Nullable Content content;
  private @Nullable Completion done;

  /**
   * Makes a writer.
   *
   * @param endPoint where to
   * @param pool for buffers
   */
  public MessageWriter(EndPoint endPoint, ByteBufferPool pool) {
    this.endPoint = endPoint;
    this.pool = pool;
  }

  private static ByteBuffer constant(String text) {
    return BufferUtil.toDirectBuffer(text).asReadOnlyBuffer();
  }

  /** Begins a message, without a body so far. */
  public void begin() {
    chunked = false;
    left = -1;
  }

  /** Chooses the chunked coding for the body. */
  public void chunked() {
    chunked = true;
  }

  /**
   * Chooses a length for the body; writing more or less fails.
   *
   * @param length bytes
   */
  public void length(long length) {
    left = length;
  }

  /**
   * Begins a head, which goes out with the next {@link #send}.
   *
   * @param size most bytes of it
   * @return where to put it
   */
  public ByteBuffer head(int size) {
    ByteBuffer out = acquire(size + CHUNK_HEAD_BYTES);
    head = out;
    return out;
  }

  private ByteBuffer acquire(int size) {
    RetainableByteBuffer acquired = pool.acquire(size, false);
    bytes = acquired;
    ByteBuffer out = acquired.getByteBuffer();
    BufferUtil.clearToFill(out);
    return out;
  }

  /**
   * Sends a piece of the body, with the head that was begun.
   *
   * @param piece the piece, owned by the writer from now on; null for none
   * @param last whether it ends the message
   * @param trailers sent after the last piece where it is chunked; null for none
   * @param completion told when it is out
   */
  public void send(
      @Nullable Content piece, boolean last, @Nullable HeaderList trailers, Completion completion) {
    ByteBuffer out = head;
    head = null;
    content = piece;
    done = completion;
    ByteBuffer data = piece == null ? BufferUtil.EMPTY_BUFFER : piece.buffer();
    int size = data.remaining();
    if (left >= 0) {
      left -= size;
      if (left < 0 || (left > 0 && last)) {
        failed(new IOException("the body is not as long as its Content-Length"));
        return;
      }
    }
    boolean framed = chunked && (size > 0 || last);
    boolean trailed = framed && last && trailers != null && trailers.size() > 0;
    if (trailed && trailers != null) {
      sendTrailed(out, data, size, trailers);
    } else if (framed) {
      sendChunk(out, data, size, last);
    } else if (out == null) {
      write(data);
    } else if (size <= out.remaining()) {
      out.put(data);
      BufferUtil.flipToFlush(out, 0);
      write(out);
    } else {
      BufferUtil.flipToFlush(out, 0);
      write(out, data);
    }
  }

  private void sendChunk(@Nullable ByteBuffer before, ByteBuffer data, int size, boolean last) {
    if (before == null && size == 0) {
      write(chunkEnd(CRLF_BYTES, CHUNK_END_BYTES));
      return;
    }
    ByteBuffer out = before == null ? acquire(CHUNK_HEAD_BYTES) : before;
    if (size > 0) {
      BufferUtil.putHexInt(out, size);
      FieldBytes.endLine(out);
    }
    ByteBuffer end = chunkEnd(size == 0 ? CRLF_BYTES : 0, last ? CHUNK_END_BYTES : CRLF_BYTES);
    if (size + end.remaining() <= out.remaining()) {
      out.put(data).put(end);
      BufferUtil.flipToFlush(out, 0);
      write(out);
    } else {
      BufferUtil.flipToFlush(out, 0);
      write(out, data, end);
    }
  }

  private ByteBuffer chunkEnd(int from, int to) {
    ByteBuffer view = chunkEnd;
    if (view == null) {
      view = CHUNK_END.duplicate();
      chunkEnd = view;
    }
    return view.limit(to).position(from);
  }

  /** The end point keeps the array only until the write is done, and there is one at a time. */
  private void write(ByteBuffer only) {
    single[0] = only;
    endPoint.write(this, single);
  }

  private void write(ByteBuffer first, ByteBuffer second) {
    pair[0] = first;
    pair[1] = second;
    endPoint.write(this, pair);
  }

  private void write(ByteBuffer first, ByteBuffer second, ByteBuffer third) {
    triple[0] = first;
    triple[1] = second;
    triple[2] = third;
    endPoint.write(this, triple);
  }

  private void sendTrailed(
      @Nullable ByteBuffer before, ByteBuffer data, int size, HeaderList trailers) {
    int more = FieldBytes.size(trailers) + 2 * CHUNK_HEAD_BYTES;
    RetainableByteBuffer headBytes = bytes;
    ByteBuffer out = acquire(more + (before == null ? 0 : before.position()));
    if (before != null) {
      out.put(before.flip());
      if (headBytes != null) headBytes.release();
    }
    // What comes before the data and what comes after it share a buffer.
    if (size > 0) {
      BufferUtil.putHexInt(out, size);
      FieldBytes.endLine(out);
    }
    int cut = out.position();
    if (size > 0) FieldBytes.endLine(out);
    out.put((byte) '0');
    FieldBytes.endLine(out);
    FieldBytes.put(out, trailers);
    FieldBytes.endLine(out);
    ByteBuffer end = out.duplicate().flip().position(cut);
    BufferUtil.flipToFlush(out, 0);
    write(out.duplicate().limit(cut), data, end);
  }

  @Override
  public void succeeded() {
    Completion told = release();
    if (told != null) told.succeeded();
  }

  @Override
  public void failed(Throwable reason) {
    Completion told = release();
    if (told != null) told.failed(reason);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  private @Nullable Completion release() {
    Completion told = done;
    done = null;
    if (content != null) content.release();
    content = null;
    if (bytes != null) bytes.release();
    bytes = null;
    Arrays.fill(single, null);
    Arrays.fill(pair, null);
    Arrays.fill(triple, null);
    return told;
  }
}
