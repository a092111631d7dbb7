package dev.headgate.codings;

import com.github.luben.zstd.util.Native;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.ContentCoding;
import dev.headgate.core.coding.Decoder;
import dev.headgate.core.coding.Encoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * zstd (RFC 8878), by zstd-jni. A decoder refuses windows above 8 MiB, as RFC 9659 has it; an
 * encoder uses level 3 with a window of 1 MiB. Bodies of several frames are decoded.
 */
public final class ZstdCoding implements ContentCoding {
  static final String NAME = "zstd";

  /** Makes the coding; cheap, and works whether or not the native library does. */
  public ZstdCoding() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Throwable unavailable() {
    try {
      Native.load();
      return null;
    } catch (LinkageError e) {
      return e;
    }
  }

  /**
   * zstd-jni streams between direct buffers, or between arrays; only direct ones save a copy on the
   * way out.
   */
  @Override
  public boolean direct() {
    return true;
  }

  @Override
  public Decoder newDecoder() throws CodingException {
    try {
      return new ZstdDecoder();
    } catch (IOException e) {
      throw new CodingException(NAME, CodingException.Reason.INTERNAL, "can't make a decoder", e);
    }
  }

  @Override
  public Encoder newEncoder() {
    return new ZstdEncoder();
  }
}
