package dev.headgate.jetty.http2;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Plain memory for heads that come in pieces. Jetty's parser does not give it back when a
 * connection ends inside a head, so it must not come from a pool.
 */
public final class HeapBuffers extends ByteBufferPool.NonPooling {
  @Override
  public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
    return super.acquire(size, false);
  }
}
