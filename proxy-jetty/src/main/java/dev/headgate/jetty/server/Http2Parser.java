package dev.headgate.jetty.server;

import dev.headgate.jetty.http2.UnsignedSettings;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's parser, which also tells when a client has begun what it must end in time: its preface, a
 * frame, or a head of several frames. The payload of DATA is none of those, as a body has a pace of
 * its own. Of the thread that reads.
 */
final class Http2Parser extends ServerParser {
  private static final int HEADER_BYTES = 9;

  private final UnsignedSettings settings = new UnsignedSettings();
  private @Nullable Http2Connection connection;

  /** Until the first frame has come. */
  private boolean inside = true;

  /** How much of a frame's header has come, and what it says of the stream. */
  private int headerBytes;

  private int streamId;
  private int headStream;
  private boolean inBody;
  private boolean inHead;
  private boolean completed;
  private boolean told;

  Http2Parser(ByteBufferPool pool, int maxListBytes, RateControl rates) {
    super(pool, maxListBytes, rates);
    setMaxSettingsKeys(Integer.MAX_VALUE); // of all frames together, of which the rate is bounded
  }

  /** Names who is told of frames. */
  void serve(Http2Connection served) {
    connection = served;
    init(served);
  }

  @Override
  public void parse(ByteBuffer buffer) {
    super.parse(buffer);
    Http2Connection served = connection;
    if (served != null && inside) {
      // What is whole meanwhile was in time: the time of what follows begins anew.
      if (!told || completed) served.begun();
      told = true;
    } else if (served != null && told) {
      served.whole();
      told = false;
    }
    completed = false;
  }

  @Override
  protected boolean parseHeader(ByteBuffer buffer) {
    // Jetty's asks for a header again where the first SETTINGS come in pieces.
    if (inBody) return true;
    boolean begins = buffer.hasRemaining();
    readStreamId(buffer);
    settings.header(buffer);
    if (!super.parseHeader(buffer)) {
      inside |= begins;
      return false;
    }
    int type = getFrameType();
    headerBytes = 0;
    if (type == FrameType.HEADERS.getType()) headStream = streamId;
    if (type == FrameType.CONTINUATION.getType() && streamId != headStream) {
      // Jetty's takes an empty one for the end of the other stream's head.
      BufferUtil.clear(buffer);
      notifyConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "invalid_continuation_stream");
      return false;
    }
    if (type == FrameType.HEADERS.getType() || type == FrameType.CONTINUATION.getType()) {
      inHead = !hasFlag(Flags.END_HEADERS);
    }
    inBody = true;
    inside = type != FrameType.DATA.getType();
    return true;
  }

  /** Jetty's keeps it to itself. */
  private void readStreamId(ByteBuffer buffer) {
    for (int i = buffer.position(); i < buffer.limit() && headerBytes < HEADER_BYTES; i++) {
      boolean ofStream = headerBytes++ >= HEADER_BYTES - Integer.BYTES;
      if (ofStream) streamId = streamId << Byte.SIZE | (buffer.get(i) & 0xff);
    }
    streamId &= Integer.MAX_VALUE;
  }

  @Override
  protected boolean parseBody(ByteBuffer buffer) {
    settings.payload(buffer);
    if (!super.parseBody(buffer)) return false;
    inBody = false;
    inside = inHead;
    completed |= !inHead;
    return true;
  }
}
