package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from one connection, head by head and piece by piece, over one pooled buffer,
 * which it holds only while there is something in it. Subclasses read the first line of each head
 * and say how its body is framed. Not thread-safe: guarded by its connection.
 */
public abstract class MessageReader {
  /** How many bytes are read at once, and so read ahead at most. */
  public static final int BUFFER_BYTES = 16 * 1024;

  /** How many bytes are read at once of a body that comes fast. */
  public static final int LARGE_BUFFER_BYTES = 64 * 1024;

  /** How many bytes are read at once of one that goes away as fast. */
  public static final int MOST_BYTES = 256 * 1024;

  /** Stands for a head that has not begun; nobody gets it. */
  private static final HeaderList NO_FIELDS = new HeaderList(1);

  private static final int SPARE_LINES = 2;
  private static final int MAX_LINES = 64;

  private final InputBuffer input;
  private final FieldParser fields;
  private final BodyParser body;

  /** Room for a head like the last one. */
  private int lines = 12;

  // Of the message that is being read.
  private HeaderList headers = NO_FIELDS;
  private boolean headDone;

  /** A piece that was found behind the one before it, with a reference of its own. */
  private @Nullable ByteBuffer ahead;

  private @Nullable RetainableByteBuffer aheadOwner;

  /**
   * Makes a reader.
   *
   * @param pool for buffers
   * @param bufferBytes how large they are
   * @param largeBufferBytes how large they are after one that was filled
   * @param lenient whether to forgive what a recipient should forgive in a response
   * @param maxTrailerBytes how long trailers may be
   */
  protected MessageReader(
      ByteBufferPool pool,
      int bufferBytes,
      int largeBufferBytes,
      boolean lenient,
      int maxTrailerBytes) {
    this.input = new InputBuffer(pool, bufferBytes, largeBufferBytes);
    this.fields = new FieldParser(lenient);
    this.body = new BodyParser(fields, lenient, maxTrailerBytes);
  }

  // --- the buffer

  /**
   * Reads from the network without waiting. How much depends on how much came last time.
   *
   * @param endPoint the connection's
   * @param wide whether it may be {@link #MOST_BYTES}; else it is {@link #LARGE_BUFFER_BYTES} at
   *     most, or the size of a large request line
   * @return how many bytes; −1 at the end, 0 when there is nothing or no room now
   * @throws IOException if the connection broke
   */
  public int fill(EndPoint endPoint, boolean wide) throws IOException {
    return input.fill(endPoint, wide);
  }

  /**
   * Takes bytes that were read by somebody else before the first {@link #fill}.
   *
   * @param bytes no more than a buffer holds; copied
   */
  public void prefill(ByteBuffer bytes) {
    input.prefill(bytes);
  }

  /**
   * Returns whether a further {@link #fill} has room to put bytes into.
   *
   * @return whether the buffer is not full
   */
  public boolean hasRoom() {
    return input.hasRoom();
  }

  /**
   * Returns whether there are bytes that have not been parsed.
   *
   * @return whether there are
   */
  public boolean hasUnread() {
    return input.hasBytes();
  }

  /**
   * Takes out what was read and not parsed, for another protocol.
   *
   * @return a buffer of its own, perhaps empty
   */
  public ByteBuffer take() {
    ByteBuffer taken = input.copy();
    release();
    return taken;
  }

  /** Gives the buffer back, with whatever is in it. */
  public void release() {
    input.release();
    dropAhead();
  }

  /**
   * Drops what is at hand, whatever it is.
   *
   * @return how many bytes that was
   */
  public int clear() {
    ByteBuffer unread = input.bytes();
    int bytes = unread == null ? 0 : unread.remaining();
    release();
    return bytes;
  }

  /**
   * Returns the bytes at hand.
   *
   * @return the buffer, whose position may be moved; null when there are none
   */
  protected @Nullable ByteBuffer unread() {
    return input.bytes();
  }

  /** Gives the buffer back when nothing is left in it. */
  protected void releaseIfEmpty() {
    input.releaseIfEmpty();
  }

  private void dropAhead() {
    if (aheadOwner != null) aheadOwner.release();
    ahead = null;
    aheadOwner = null;
  }

  // --- heads

  /**
   * Begins to read a head.
   *
   * @param maxBytes how long its fields may be, with the empty line at their end
   */
  protected void beginFields(int maxBytes) {
    fields.begin(maxBytes);
    headers = new HeaderList(lines);
  }

  /**
   * Reads on in the head's fields.
   *
   * @return whether they are complete; if not, more bytes are needed
   * @throws BadHeadException if they aren't legal, or over the limit
   */
  protected boolean parseFields() throws BadHeadException {
    ByteBuffer buffer = unread();
    if (buffer == null) return false;
    try {
      headDone = fields.parse(buffer, headers);
    } catch (BadHeadException e) {
      release();
      throw e;
    }
    if (headDone) lines = Math.min(MAX_LINES, headers.size() + SPARE_LINES);
    releaseIfEmpty();
    return headDone;
  }

  /**
   * Returns whether the head is complete.
   *
   * @return whether it is
   */
  protected boolean headDone() {
    return headDone;
  }

  /**
   * Returns the fields.
   *
   * @return the list, to be given away once
   */
  public HeaderList headers() {
    return headers;
  }

  /**
   * Returns how the body is to be read, which the head has told.
   *
   * @return always the same
   */
  protected BodyParser body() {
    return body;
  }

  /**
   * Returns how long the body is.
   *
   * @return bytes, or −1 when not known
   */
  public long length() {
    return body.length();
  }

  /**
   * Returns how much of the body is known to be still to come.
   *
   * @return bytes, or 0 when not known
   */
  public long left() {
    return body.left();
  }

  // --- bodies

  /**
   * Takes all that has not been parsed, and all that comes, as bytes of one body without an end.
   */
  public void raw() {
    headDone = true;
    body.untilEnd();
  }

  /**
   * Returns whether the message has been parsed to its end.
   *
   * @return whether it has
   */
  public boolean ended() {
    return headDone && body.ended();
  }

  /**
   * Returns the next content of what is at hand.
   *
   * @return the content; null when more bytes are needed
   * @throws BrokenBodyException if the body's framing is broken
   */
  public @Nullable Content readContent() throws BrokenBodyException {
    ByteBuffer bytes = ahead;
    RetainableByteBuffer owner = aheadOwner;
    ahead = null;
    aheadOwner = null;
    if (bytes == null || owner == null) {
      owner = input.held();
      bytes = owner == null ? null : body.parse(owner.getByteBuffer());
      if (body.broken()) throw new BrokenBodyException("the body's framing is broken");
      if (bytes == null || owner == null) {
        releaseIfEmpty();
        return ended() ? HeapContent.end() : null;
      }
      owner.retain();
    }
    // Looks whether that was the end, so that the last content says so.
    RetainableByteBuffer held = input.held();
    if (held != null && !body.ended()) {
      ahead = body.parse(held.getByteBuffer());
      if (ahead != null) {
        held.retain();
        aheadOwner = held;
      }
    }
    boolean last = body.ended() && ahead == null;
    releaseIfEmpty();
    return new PooledContent(bytes, last, owner);
  }

  /**
   * Reads and drops what is at hand of the body.
   *
   * @return how many bytes of content that was
   * @throws BrokenBodyException if the body's framing is broken
   */
  public long discard() throws BrokenBodyException {
    long dropped = ahead == null ? 0 : ahead.remaining();
    dropAhead();
    RetainableByteBuffer held = input.held();
    if (held != null) {
      for (ByteBuffer bytes = body.parse(held.getByteBuffer());
          bytes != null;
          bytes = body.parse(held.getByteBuffer())) {
        dropped += bytes.remaining();
      }
      releaseIfEmpty();
    }
    if (body.broken()) throw new BrokenBodyException("the body's framing is broken");
    return dropped;
  }

  /**
   * The connection has ended.
   *
   * @return whether that ends the body, as its framing says
   */
  public boolean endOfConnection() {
    return headDone && body.endOfConnection();
  }

  /**
   * Returns whether the message ended only because its connection did.
   *
   * @return whether nothing can follow it
   */
  protected boolean endedWithConnection() {
    return body.endedWithConnection();
  }

  /**
   * Returns the trailers.
   *
   * @return the trailers, once the message has been read to its end; null when there are none
   */
  public @Nullable HeaderList trailers() {
    return ended() ? body.trailers() : null;
  }

  /** Makes ready for the next message. */
  public void next() {
    headers = NO_FIELDS;
    headDone = false;
  }
}
