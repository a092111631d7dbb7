package dev.headgate.codings;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.Encoder;
import java.nio.ByteBuffer;

/** Encodes one frame, with its check sum. */
final class ZstdEncoder implements Encoder {
  private static final int LEVEL = 3;
  private static final int WINDOW_LOG = 20;

  private final DirectInput input = new DirectInput();
  private final ZstdCompressCtx zstd =
      new ZstdCompressCtx().setLevel(LEVEL).setWindowLog(WINDOW_LOG).setChecksum(true);

  @Override
  public boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) throws CodingException {
    EndDirective wanted =
        switch (flush) {
          case NONE -> EndDirective.CONTINUE;
          case SYNC -> EndDirective.FLUSH;
          case FINISH -> EndDirective.END;
        };
    try {
      while (true) {
        ByteBuffer next = input.of(in);
        boolean rest = in.isDirect() || !in.hasRemaining();
        boolean done =
            zstd.compressDirectByteBufferStream(out, next, rest ? wanted : EndDirective.CONTINUE);
        boolean empty = rest && !next.hasRemaining();
        if (empty && (done || flush == Flush.NONE)) {
          return true;
        }
        if (!out.hasRemaining()) {
          return false;
        }
      }
    } catch (ZstdException e) {
      throw new CodingException(
          ZstdCoding.NAME, CodingException.Reason.INTERNAL, "encoding failed", e);
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
