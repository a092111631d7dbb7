package dev.headgate.jetty.http1;

import dev.headgate.core.spi.CountedContent;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Retainable;

/**
 * Content that lies in one of Jetty's pooled buffers: nothing is copied, and the buffer goes back
 * to its pool when the last reference is released.
 */
public final class PooledContent extends CountedContent {
  private final Retainable owner;

  /**
   * Wraps bytes.
   *
   * @param buffer the bytes from position to limit; a buffer of its own, whose position the content
   *     moves
   * @param last whether they end the body
   * @param owner the memory they lie in, of which the content takes over one reference
   */
  public PooledContent(ByteBuffer buffer, boolean last, Retainable owner) {
    super(buffer, last);
    this.owner = owner;
  }

  @Override
  protected void freed() {
    owner.release();
  }
}
