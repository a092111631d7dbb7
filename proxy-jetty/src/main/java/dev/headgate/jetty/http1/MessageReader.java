package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from one connection, head by head and piece by piece, over Jetty's parser and one
 * pooled buffer, which it holds only while there is something in it. Subclasses read the heads. Not
 * thread-safe: guarded by its connection.
 */
public abstract class MessageReader implements HttpParser.HttpHandler {
  /** How many bytes are read at once, and so read ahead at most. */
  public static final int BUFFER_BYTES = 16 * 1024;

  private final ByteBufferPool pool;
  private final int bufferBytes;
  private @Nullable RetainableByteBuffer input;

  // Of the message that is being read.
  private HeaderList headers = new HeaderList();
  private @Nullable HeaderList trailers;
  private boolean headDone;
  private @Nullable HttpException badHead;
  private boolean badBody;
  private @Nullable ByteBuffer parsed;
  private boolean ended;

  /** A piece that was found behind the one before it, with a reference of its own. */
  private @Nullable ByteBuffer ahead;

  private @Nullable RetainableByteBuffer aheadOwner;

  /**
   * Makes a reader.
   *
   * @param pool for buffers
   * @param bufferBytes how large they are
   */
  protected MessageReader(ByteBufferPool pool, int bufferBytes) {
    this.pool = pool;
    this.bufferBytes = bufferBytes;
  }

  /**
   * Returns the parser, whose handler this is.
   *
   * @return always the same
   */
  protected abstract HttpParser parser();

  // --- the buffer

  /**
   * Reads from the network without waiting.
   *
   * @param endPoint the connection's
   * @return how many bytes; −1 at the end, 0 when there is nothing or no room now
   * @throws IOException if the connection broke
   */
  public int fill(EndPoint endPoint) throws IOException {
    ByteBuffer buffer = roomy();
    if (buffer == null) return 0;
    try {
      return endPoint.fill(buffer);
    } finally {
      releaseIfEmpty();
    }
  }

  /**
   * Returns whether a further {@link #fill} has room to put bytes into.
   *
   * @return whether the buffer is not full
   */
  public boolean hasRoom() {
    RetainableByteBuffer held = input;
    return held == null || held.remaining() < held.capacity();
  }

  /**
   * Returns whether there are bytes that have not been parsed.
   *
   * @return whether there are
   */
  public boolean hasUnread() {
    return input != null && input.hasRemaining();
  }

  /** Gives the buffer back, with whatever is in it. */
  public void release() {
    RetainableByteBuffer held = input;
    if (held != null) held.release();
    input = null;
    dropAhead();
  }

  /**
   * Drops what is at hand, whatever it is.
   *
   * @return how many bytes that was
   */
  public int clear() {
    int bytes = input == null ? 0 : input.remaining();
    release();
    return bytes;
  }

  /**
   * Returns the bytes at hand.
   *
   * @return the buffer, whose position may be moved; null when there are none
   */
  protected @Nullable ByteBuffer unread() {
    return input == null ? null : input.getByteBuffer();
  }

  /** Gives the buffer back when nothing is left in it. */
  protected void releaseIfEmpty() {
    RetainableByteBuffer held = input;
    if (held != null && !held.hasRemaining()) {
      held.release();
      input = null;
    }
  }

  private void dropAhead() {
    if (aheadOwner != null) aheadOwner.release();
    ahead = null;
    aheadOwner = null;
  }

  /** Returns the buffer with room behind its bytes; null when it is full. */
  private @Nullable ByteBuffer roomy() {
    RetainableByteBuffer held = input;
    if (held == null) {
      held = pool.acquire(bufferBytes, true);
      input = held;
      return held.getByteBuffer();
    }
    ByteBuffer buffer = held.getByteBuffer();
    if (buffer.remaining() == buffer.capacity()) return null;
    boolean wouldMove = !buffer.hasRemaining() || buffer.limit() == buffer.capacity();
    if (!wouldMove || !held.isRetained()) return buffer;
    // Content that is still under way lies in this buffer: filling it would move or overwrite that.
    RetainableByteBuffer fresh = pool.acquire(bufferBytes, true);
    ByteBuffer target = fresh.getByteBuffer();
    int position = BufferUtil.flipToFill(target);
    target.put(buffer);
    BufferUtil.flipToFlush(target, position);
    held.release();
    input = fresh;
    return target;
  }

  /**
   * Parses on. With assertions on, Jetty's parser trips over its own exceptions: it gives them the
   * response's status, and asserts that this is an error's.
   */
  private void parseNext(ByteBuffer buffer) {
    try {
      parser().parseNext(buffer);
    } catch (AssertionError e) {
      BufferUtil.clear(buffer);
      if (headDone) {
        badBody = true;
      } else {
        badHead = new HttpException.RuntimeException(HttpStatus.BAD_GATEWAY_502, "Bad message", e);
      }
    }
  }

  // --- heads

  /**
   * Parses on in the head.
   *
   * @return whether it is complete; if not, more bytes are needed
   * @throws BadHeadException if it isn't a legal head, or over the parser's limit
   */
  protected boolean parseHead() throws BadHeadException {
    ByteBuffer buffer = unread();
    if (buffer == null) return false;
    while (!headDone && badHead == null && buffer.hasRemaining()) parseNext(buffer);
    HttpException failure = badHead;
    if (failure == null) {
      releaseIfEmpty();
      return headDone;
    }
    release();
    throw new BadHeadException(failure.getCode(), String.valueOf(failure.getReason()));
  }

  /** Takes the parser over a body that is empty by the message's framing. */
  protected void parseEmptyBody() {
    RetainableByteBuffer held = input;
    ByteBuffer buffer = held == null ? BufferUtil.EMPTY_BUFFER : held.getByteBuffer();
    while (!ended && !parser().isTerminated()) parseNext(buffer);
    ended = true;
    releaseIfEmpty();
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
   * Returns how long the body is.
   *
   * @return bytes, or −1 when not known
   */
  public long length() {
    return parser().isChunking() ? -1 : parser().getContentLength();
  }

  /**
   * Returns how much of the body is known to be still to come.
   *
   * @return bytes, or 0 when not known
   */
  public long left() {
    return length() < 0 ? 0 : length() - parser().getContentRead();
  }

  // --- bodies

  /**
   * Returns whether the message has been parsed to its end.
   *
   * @return whether it has
   */
  public boolean ended() {
    return ended;
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
      owner = input;
      bytes = owner == null ? null : parse(owner.getByteBuffer());
      if (badBody) throw new BrokenBodyException("the body's framing is broken");
      if (bytes == null || owner == null) {
        releaseIfEmpty();
        return ended ? HeapContent.end() : null;
      }
      owner.retain();
    }
    // Looks whether that was the end, so that the last content says so.
    RetainableByteBuffer held = input;
    if (held != null && !ended) {
      ahead = parse(held.getByteBuffer());
      if (ahead != null) {
        held.retain();
        aheadOwner = held;
      }
    }
    boolean last = ended && ahead == null;
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
    RetainableByteBuffer held = input;
    if (held != null) {
      for (ByteBuffer bytes = parse(held.getByteBuffer());
          bytes != null;
          bytes = parse(held.getByteBuffer())) {
        dropped += bytes.remaining();
      }
      releaseIfEmpty();
    }
    if (badBody) throw new BrokenBodyException("the body's framing is broken");
    return dropped;
  }

  /**
   * Returns the next piece in the buffer; null when there is none, the body has ended, or it is
   * broken.
   */
  private @Nullable ByteBuffer parse(ByteBuffer buffer) {
    parsed = null;
    while (!ended && !badBody && parsed == null) {
      boolean more = buffer.hasRemaining();
      parseNext(buffer);
      if (!more) break;
    }
    ByteBuffer bytes = parsed;
    parsed = null;
    return bytes;
  }

  /**
   * The connection has ended.
   *
   * @return whether that ends the body, as its framing says
   */
  public boolean endOfConnection() {
    if (!parser().isState(HttpParser.State.EOF_CONTENT)) return false;
    ended = true;
    return true;
  }

  /**
   * Returns the trailers.
   *
   * @return the trailers, once the message has been read to its end; null when there are none
   */
  public @Nullable HeaderList trailers() {
    return ended ? trailers : null;
  }

  /** Makes ready for the next message. */
  public void next() {
    parser().reset();
    headers = new HeaderList();
    trailers = null;
    headDone = false;
    badHead = null;
    badBody = false;
    ended = false;
  }

  // --- what the parser tells

  @Override
  public void parsedHeader(HttpField field) {
    String value = field.getValue();
    headers.append(field.getName(), value == null ? "" : value);
  }

  @Override
  public boolean headerComplete() {
    headDone = true;
    return true;
  }

  @Override
  public boolean content(ByteBuffer content) {
    parsed = content;
    return true;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public void parsedTrailer(HttpField field) {
    HeaderList list = trailers;
    if (list == null) {
      list = new HeaderList(4);
      trailers = list;
    }
    String value = field.getValue();
    list.append(field.getName(), value == null ? "" : value);
  }

  @Override
  public boolean messageComplete() {
    ended = true;
    return true;
  }

  @Override
  public void earlyEOF() {
    badBody = true;
  }

  @Override
  public void badMessage(HttpException failure) {
    badHead = failure;
  }
}
