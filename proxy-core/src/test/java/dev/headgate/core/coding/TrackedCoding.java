package dev.headgate.core.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the codecs that are open, and finds one used after its close. */
public final class TrackedCoding implements ContentCoding {
  private final ContentCoding coding;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  TrackedCoding(ContentCoding coding) {
    this.coding = coding;
  }

  int made() {
    return made.get();
  }

  void assertAllClosed() {
    assertEquals(0, open.get(), "open codecs");
  }

  @Override
  public String name() {
    return coding.name();
  }

  @Override
  public boolean direct() {
    return coding.direct();
  }

  @Override
  public Decoder newDecoder() throws CodingException {
    Decoder decoder = coding.newDecoder();
    Life life = new Life();
    return new Decoder() {
      @Override
      public boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException {
        life.check();
        return decoder.decode(in, out);
      }

      @Override
      public boolean complete() {
        life.check();
        return decoder.complete();
      }

      @Override
      public void close() {
        life.end();
        decoder.close();
        decoder.close();
      }
    };
  }

  @Override
  public Encoder newEncoder() throws CodingException {
    Encoder encoder = coding.newEncoder();
    Life life = new Life();
    return new Encoder() {
      @Override
      public boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) throws CodingException {
        life.check();
        return encoder.encode(in, out, flush);
      }

      @Override
      public void close() {
        life.end();
        encoder.close();
        encoder.close();
      }
    };
  }

  private final class Life {
    private volatile boolean closed;

    Life() {
      made.incrementAndGet();
      open.incrementAndGet();
    }

    void check() {
      if (closed) {
        throw new AssertionError("used after its close");
      }
    }

    void end() {
      check();
      closed = true;
      open.decrementAndGet();
    }
  }
}
