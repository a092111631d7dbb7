package dev.headgate.jetty.client;

import dev.headgate.jetty.http2.FieldBlockParser;
import dev.headgate.jetty.http2.FieldDecoder;
import dev.headgate.jetty.http2.UnsignedSettings;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's parser, but for field blocks, which also takes extreme settings, and tells when something
 * came. Of the thread that reads.
 */
final class Http2ResponseParser extends Parser {
  private final ByteBufferPool pool;
  private final RateControl rates;
  private final FieldDecoder decoder;
  private final UnsignedSettings settings = new UnsignedSettings();
  private @Nullable FieldBlockParser blocks;
  private volatile long lastRead = NanoTime.now();

  Http2ResponseParser(ByteBufferPool pool, int maxListBytes, RateControl rates) {
    super(pool, maxListBytes, rates);
    setMaxSettingsKeys(Integer.MAX_VALUE); // of all frames together, of which the rate is bounded
    this.pool = pool;
    this.rates = rates;
    this.decoder = new FieldDecoder(maxListBytes);
  }

  @Override
  public void init(Parser.Listener listener) {
    blocks = new FieldBlockParser(pool, decoder, rates, listener);
    super.init(listener);
  }

  @Override
  public HpackDecoder getHpackDecoder() {
    return decoder;
  }

  /** Whether something has come since then. */
  boolean hasReadSince(long nanoTime) {
    return !NanoTime.isBefore(lastRead, nanoTime);
  }

  @Override
  public void parse(ByteBuffer buffer) {
    lastRead = NanoTime.now();
    super.parse(buffer);
  }

  @Override
  protected boolean parseHeader(ByteBuffer buffer) {
    FieldBlockParser parser = blocks;
    if (parser == null) throw new IllegalStateException("no connection");
    ByteBuffer header = parser.parse(buffer, getMaxFrameSize());
    if (header == null) return false;
    settings.header(header);
    return super.parseHeader(header);
  }

  @Override
  protected boolean parseBody(ByteBuffer buffer) {
    settings.payload(buffer);
    return super.parseBody(buffer);
  }
}
