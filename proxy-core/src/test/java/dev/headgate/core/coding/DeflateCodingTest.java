package dev.headgate.core.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class DeflateCodingTest extends CodingContract {
  @Override
  protected ContentCoding coding() {
    return new DeflateCoding();
  }

  @Test
  void readsZlibAndRawDataOfEveryLevelAndWindow() {
    for (int level = 0; level <= 9; level++) {
      for (boolean raw : new boolean[] {false, true}) {
        for (int size : new int[] {0, 1, 2, 5_000, 70_000}) {
          byte[] plain = text(size, level);
          byte[] encoded = jdk(plain, level, raw);
          for (int most : new int[] {1, 100_000}) {
            ScriptedSource source = ScriptedSource.cut(encoded, new Random(level), most);
            Reading reading = Reading.all(new DecodingSource(source, coding, DecodingLimits.NONE));
            assertNull(reading.failure());
            assertArrayEquals(plain, reading.bytes());
          }
        }
      }
    }
  }

  @Test
  void rawDataThatIsTruncatedFails() {
    byte[] encoded = jdk(text(500, 1), 6, true);
    for (int length = 1; length < encoded.length; length++) {
      assertInstanceOf(
          CodingException.class, decode(Arrays.copyOf(encoded, length)).failure(), "at " + length);
    }
  }

  @Test
  void writesTheZlibFormat() throws DataFormatException {
    byte[] plain = text(5_000, 1);
    Inflater inflater = new Inflater();
    inflater.setInput(encode(plain));
    byte[] result = new byte[plain.length + 1];
    assertEquals(plain.length, inflater.inflate(result));
    assertEquals(true, inflater.finished());
    inflater.end();
    assertArrayEquals(plain, Arrays.copyOf(result, plain.length));
  }

  @Test
  void refusesAPresetDictionary() {
    Deflater deflater = new Deflater();
    deflater.setDictionary(text(100, 1));
    deflater.setInput(text(100, 1));
    deflater.finish();
    byte[] encoded = new byte[1_000];
    int size = deflater.deflate(encoded);
    deflater.end();
    CodingException failure =
        assertInstanceOf(CodingException.class, decode(Arrays.copyOf(encoded, size)).failure());
    assertEquals(CodingException.Reason.MALFORMED, failure.reason());
  }

  private static byte[] jdk(byte[] plain, int level, boolean raw) {
    Deflater deflater = new Deflater(level, raw);
    deflater.setInput(plain);
    deflater.finish();
    byte[] encoded = new byte[plain.length + 1_000];
    int size = deflater.deflate(encoded);
    deflater.end();
    return Arrays.copyOf(encoded, size);
  }
}
