package dev.headgate.tck.memory;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.stream.IntStream;

/** Bodies of any size that are made while they are sent. */
final class Pieces {
  private Pieces() {}

  static Iterator<ByteBuffer> of(int count, int size) {
    return IntStream.range(0, count).mapToObj(i -> ByteBuffer.allocate(size)).iterator();
  }
}
