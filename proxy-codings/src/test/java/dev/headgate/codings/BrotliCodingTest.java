package dev.headgate.codings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.aayushatharva.brotli4j.decoder.Decoder;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.headgate.core.coding.CodingContract;
import dev.headgate.core.coding.ContentCoding;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BrotliCodingTest extends CodingContract {
  @Override
  protected ContentCoding coding() {
    BrotliCoding brotli = new BrotliCoding();
    assertNull(brotli.unavailable());
    return brotli;
  }

  @Test
  void readsWhatTheLibraryWritesAndTheOtherWayRound() throws IOException {
    byte[] plain = text(500_000, 4);
    byte[] large = Encoder.compress(plain, Encoder.Parameters.create(9, 24));
    assertArrayEquals(plain, decode(large).bytes());
    assertArrayEquals(plain, Decoder.decompress(encode(plain)).getDecompressedData());
  }
}
