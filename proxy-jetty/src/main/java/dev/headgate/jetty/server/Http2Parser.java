package dev.headgate.jetty.server;

import dev.headgate.jetty.http2.FieldBlockParser;
import dev.headgate.jetty.http2.FieldDecoder;
import dev.headgate.jetty.http2.UnsignedSettings;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's parser, but for field blocks, which also tells when a client has begun what it must end
 * in time: its preface, a frame, or a head of several frames. The payload of DATA is none of those,
 * as a body has a pace of its own. Of the thread that reads.
 */
final class Http2Parser extends ServerParser {
  private final ByteBufferPool pool;
  private final RateControl rates;
  private final FieldDecoder decoder;
  private final UnsignedSettings settings = new UnsignedSettings();
  private @Nullable Http2Connection connection;
  private @Nullable FieldBlockParser blocks;

  /** Until the first frame has come, which is one of settings. */
  private boolean begins = true;

  private boolean inside = true;
  private boolean inPayload;
  private boolean completed;
  private boolean told;

  Http2Parser(ByteBufferPool pool, int maxListBytes, RateControl rates) {
    super(pool, maxListBytes, rates);
    setMaxSettingsKeys(Integer.MAX_VALUE); // of all frames together, of which the rate is bounded
    this.pool = pool;
    this.rates = rates;
    this.decoder = new FieldDecoder(maxListBytes);
  }

  /** Names who is told of frames. */
  void serve(Http2Connection served) {
    connection = served;
    blocks = new FieldBlockParser(pool, decoder, rates, served);
    init(served);
  }

  @Override
  public HpackDecoder getHpackDecoder() {
    return decoder;
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
    if (inPayload) return true;
    FieldBlockParser parser = blocks;
    if (parser == null) throw new IllegalStateException("no connection");
    ByteBuffer header = begins ? parser.header(buffer) : parser.parse(buffer, getMaxFrameSize());
    completed |= parser.hasCompleted();
    inside = begins || parser.isInside();
    if (header == null) return false;
    settings.header(header);
    if (!super.parseHeader(header)) return false;
    inPayload = true;
    inside = getFrameType() != FrameType.DATA.getType();
    return true;
  }

  @Override
  protected boolean parseBody(ByteBuffer buffer) {
    settings.payload(buffer);
    if (!super.parseBody(buffer)) return false;
    begins = false;
    inPayload = false;
    inside = false;
    completed = true;
    return true;
  }
}
