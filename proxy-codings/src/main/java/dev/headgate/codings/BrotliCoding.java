package dev.headgate.codings;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.ContentCoding;
import dev.headgate.core.coding.Decoder;
import dev.headgate.core.coding.Encoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * br (RFC 7932), by brotli4j. A decoder uses the window that the body asks for, 16 MiB at most, and
 * may decode that far ahead of its reader; an encoder uses a window of 256 KiB at quality 4.
 */
public final class BrotliCoding implements ContentCoding {
  static final String NAME = "br";

  /** Makes the coding; cheap, and works whether or not the native library does. */
  public BrotliCoding() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Throwable unavailable() {
    try {
      return Brotli4jLoader.getUnavailabilityCause();
    } catch (LinkageError e) {
      return e;
    }
  }

  @Override
  public Decoder newDecoder() throws CodingException {
    try {
      return new BrotliDecoder();
    } catch (IOException e) {
      throw failed("can't make a decoder", e);
    }
  }

  @Override
  public Encoder newEncoder() throws CodingException {
    try {
      return new BrotliEncoder();
    } catch (IOException e) {
      throw failed("can't make an encoder", e);
    }
  }

  private static CodingException failed(String detail, IOException cause) {
    return new CodingException(NAME, CodingException.Reason.INTERNAL, detail, cause);
  }
}
