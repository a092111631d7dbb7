package dev.headgate.core.coding;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** An inflater that reads and writes buffers and keeps none of them. */
final class Inflating {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final String coding;
  private final Inflater inflater;

  Inflating(String coding, boolean raw) {
    this.coding = coding;
    this.inflater = new Inflater(raw);
  }

  /**
   * Inflates until {@code in} is empty, {@code out} is full, or the end; returns whether it is the
   * end.
   */
  boolean inflate(ByteBuffer in, ByteBuffer out) throws CodingException {
    inflater.setInput(in);
    try {
      inflater.inflate(out);
    } catch (DataFormatException e) {
      String detail = e.getMessage();
      throw new CodingException(
          coding,
          CodingException.Reason.MALFORMED,
          detail == null ? "malformed deflate data" : detail,
          e);
    } finally {
      inflater.setInput(NOTHING);
    }
    if (inflater.needsDictionary()) {
      throw CodingException.malformed(coding, "needs a preset dictionary");
    }
    return inflater.finished();
  }

  /** Returns how many bytes came out since the last reset. */
  long written() {
    return inflater.getBytesWritten();
  }

  void reset() {
    inflater.reset();
  }

  void end() {
    inflater.end();
  }
}
