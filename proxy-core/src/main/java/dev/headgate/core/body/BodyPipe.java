package dev.headgate.core.body;

import dev.headgate.core.spi.BodySource;

/** A body on its way from one side of an exchange to the other. */
public sealed interface BodyPipe extends BodySource permits ChunkPipe, StraightPipe {
  /**
   * Returns how many bytes were read from the source.
   *
   * @return bytes so far
   */
  long bytesRead();

  /**
   * Returns whether the last content has been read.
   *
   * @return whether nothing is left to do
   */
  boolean finished();
}
