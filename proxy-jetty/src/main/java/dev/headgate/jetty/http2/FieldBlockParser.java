package dev.headgate.jetty.http2;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.parser.ContinuationBodyParser;
import org.eclipse.jetty.http2.parser.HeaderBlockFragments;
import org.eclipse.jetty.http2.parser.HeaderBlockParser;
import org.eclipse.jetty.http2.parser.HeaderParser;
import org.eclipse.jetty.http2.parser.HeadersBodyParser;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.http2.parser.UnknownBodyParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Parses the frames in which field blocks come, HEADERS and CONTINUATION (RFC 9113 section 4.3), by
 * Jetty's parsers of their payloads, but with a decoder of ours: that of Jetty's parser of all
 * frames can't be replaced. All other frames are left to it. Of the thread that parses.
 */
public final class FieldBlockParser {
  private static final int HEADER_BYTES = 9;
  private static final int TYPE_OFFSET = 3;
  private static final int HEADERS = FrameType.HEADERS.getType();
  private static final int CONTINUATION = FrameType.CONTINUATION.getType();

  private final Parser.Listener listener;
  private final Header header;
  private final Heads heads;
  private final Continuations continuations;

  /** What has come of a frame's header that comes in pieces. */
  private final ByteBuffer pieces = ByteBuffer.allocate(HEADER_BYTES);

  private boolean inFrame;

  /** Whether a block goes on in a CONTINUATION, and on which stream. */
  private boolean inBlock;

  private int stream;
  private boolean completed;

  /**
   * Makes a parser.
   *
   * @param pool for blocks that come in pieces
   * @param decoder the connection's
   * @param rates told what may be a flood
   * @param listener told of heads and failures
   */
  public FieldBlockParser(
      ByteBufferPool pool, FieldDecoder decoder, RateControl rates, Parser.Listener listener) {
    this.listener = listener;
    this.header = new Header(rates);
    HeaderBlockParser blocks =
        new HeaderBlockParser(header, pool, decoder, new UnknownBodyParser(header, listener));
    HeaderBlockFragments fragments = new HeaderBlockFragments(pool, decoder.getMaxHeaderListSize());
    this.heads = new Heads(header, listener, blocks, fragments);
    this.continuations = new Continuations(header, listener, blocks, fragments);
  }

  /** A header that is read whole, for one frame after the other. */
  private static final class Header extends HeaderParser {
    Header(RateControl rates) {
      super(rates);
    }

    void read(ByteBuffer whole) {
      reset();
      parse(whole);
    }

    boolean endsBlock() {
      return hasFlag(Flags.END_HEADERS);
    }
  }

  /** The payload of HEADERS, which may be none. */
  private static final class Heads extends HeadersBodyParser {
    Heads(
        HeaderParser header,
        Parser.Listener listener,
        HeaderBlockParser blocks,
        HeaderBlockFragments fragments) {
      super(header, listener, blocks, fragments);
    }

    void parseNothing(ByteBuffer buffer) {
      emptyBody(buffer);
    }
  }

  /** The payload of CONTINUATION, which may be none. */
  private static final class Continuations extends ContinuationBodyParser {
    Continuations(
        HeaderParser header,
        Parser.Listener listener,
        HeaderBlockParser blocks,
        HeaderBlockFragments fragments) {
      super(header, listener, blocks, fragments);
    }

    void parseNothing(ByteBuffer buffer) {
      emptyBody(buffer);
    }
  }

  /**
   * Returns whether something has begun that is not whole: a frame's header, a frame, or a block.
   *
   * @return whether it has
   */
  public boolean isInside() {
    boolean begun = pieces.position() > 0 && pieces.hasRemaining();
    return inFrame || inBlock || begun;
  }

  /**
   * Returns whether a block has come to its end since this was asked before.
   *
   * @return whether one has
   */
  public boolean hasCompleted() {
    boolean did = completed;
    completed = false;
    return did;
  }

  /**
   * Collects a frame's header, of whatever type.
   *
   * @param buffer what has come, at the begin of a frame or inside its header
   * @return all of the header, to be read; null when more bytes are needed
   */
  public @Nullable ByteBuffer header(ByteBuffer buffer) {
    if (!pieces.hasRemaining()) pieces.clear(); // the one before was read
    if (pieces.position() == 0 && buffer.remaining() >= HEADER_BYTES) return buffer;
    while (pieces.hasRemaining() && buffer.hasRemaining()) pieces.put(buffer.get());
    return pieces.hasRemaining() ? null : pieces.flip();
  }

  /**
   * Parses frames of blocks, as long as there are any.
   *
   * @param buffer what has come
   * @param maxFrameBytes how long a payload may be
   * @return the whole header of a frame of another type, to be read; null when more bytes are
   *     needed, or the connection failed
   */
  public @Nullable ByteBuffer parse(ByteBuffer buffer, int maxFrameBytes) {
    while (true) {
      if (inFrame && !parsePayload(buffer)) return null;
      ByteBuffer whole = header(buffer);
      if (whole == null) return null;
      int type = whole.get(whole.position() + TYPE_OFFSET) & 0xff;
      boolean ofBlock = type == HEADERS || type == CONTINUATION;
      if (!ofBlock && !inBlock) return whole;
      header.read(whole);
      if (!begin(buffer, maxFrameBytes)) return null;
    }
  }

  private boolean begin(ByteBuffer buffer, int maxFrameBytes) {
    boolean continues = header.getFrameType() == CONTINUATION;
    if (header.getLength() > maxFrameBytes) {
      return fail(buffer, ErrorCode.FRAME_SIZE_ERROR, "invalid_frame_length");
    }
    if (inBlock && !continues) {
      return fail(buffer, ErrorCode.PROTOCOL_ERROR, "expected_continuation_frame");
    }
    if (continues && !inBlock) {
      return fail(buffer, ErrorCode.PROTOCOL_ERROR, "unexpected_continuation_frame");
    }
    if (continues && header.getStreamId() != stream) {
      return fail(buffer, ErrorCode.PROTOCOL_ERROR, "invalid_continuation_stream");
    }
    stream = header.getStreamId();
    inBlock = !header.endsBlock();
    inFrame = header.getLength() > 0;
    if (inFrame) return true;
    if (continues) {
      continuations.parseNothing(buffer);
    } else {
      heads.parseNothing(buffer);
    }
    completed |= !inBlock;
    return true;
  }

  private boolean parsePayload(ByteBuffer buffer) {
    boolean continues = header.getFrameType() == CONTINUATION;
    boolean whole = continues ? continuations.parse(buffer) : heads.parse(buffer);
    if (!whole) return false;
    inFrame = false;
    completed |= !inBlock;
    return true;
  }

  private boolean fail(ByteBuffer buffer, ErrorCode code, String reason) {
    BufferUtil.clear(buffer);
    listener.onConnectionFailure(code.code, reason);
    return false;
  }
}
