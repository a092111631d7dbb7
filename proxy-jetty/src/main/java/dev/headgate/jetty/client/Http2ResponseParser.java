package dev.headgate.jetty.client;

import dev.headgate.jetty.http2.UnsignedSettings;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.NanoTime;

/**
 * Jetty's parser, which also takes the largest settings, and tells when something came. Of the
 * thread that reads.
 */
final class Http2ResponseParser extends Parser {
  private final UnsignedSettings settings = new UnsignedSettings();
  private volatile long lastRead = NanoTime.now();

  Http2ResponseParser(ByteBufferPool pool, int maxListBytes, RateControl rates) {
    super(pool, maxListBytes, rates);
    setMaxSettingsKeys(Integer.MAX_VALUE); // of all frames together, of which the rate is bounded
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
    settings.header(buffer);
    return super.parseHeader(buffer);
  }

  @Override
  protected boolean parseBody(ByteBuffer buffer) {
    settings.payload(buffer);
    return super.parseBody(buffer);
  }
}
