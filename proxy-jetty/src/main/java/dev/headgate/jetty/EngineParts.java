package dev.headgate.jetty;

import dev.headgate.core.spi.EngineOptions;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What a test may put in place of an engine's own parts.
 *
 * @param buffers the buffer pool
 * @param tls for upstreams; checks certificates and host names
 * @param socketBufferBytes how much the kernel may hold for a socket in each direction; 0 for the
 *     kernel's own choice
 */
record EngineParts(ByteBufferPool buffers, SslContextFactory.Client tls, int socketBufferBytes) {
  private static final int MIN_BYTES = 0;
  private static final int STEP_BYTES = 4 * 1024;
  private static final int MAX_BYTES = 256 * 1024;
  private static final int MAX_BUFFERS = 1024;

  static EngineParts defaults(EngineOptions options) {
    ByteBufferPool buffers =
        new ArrayByteBufferPool(
            MIN_BYTES,
            STEP_BYTES,
            MAX_BYTES,
            MAX_BUFFERS,
            Math.max(1, options.maxBufferBytes() / 4),
            options.maxBufferBytes());
    return new EngineParts(buffers, new SslContextFactory.Client(), 0);
  }
}
