package dev.headgate.core.coding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipCodingTest extends CodingContract {
  @Override
  protected ContentCoding coding() {
    return new GzipCoding();
  }

  @Test
  void readsWhatTheJdkWritesAndTheOtherWayRound() throws IOException {
    byte[] plain = text(100_000, 4);
    assertArrayEquals(plain, decode(jdk(plain)).bytes());
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(encode(plain)))) {
      assertArrayEquals(plain, in.readAllBytes());
    }
  }

  @Test
  void readsMembersOneAfterTheOther() throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int i = 0; i < 5; i++) {
      encoded.writeBytes(jdk(text(i * 10_000, i)));
      plain.writeBytes(text(i * 10_000, i));
    }
    for (int most : new int[] {1, 10, 1_000_000}) {
      ScriptedSource source = ScriptedSource.cut(encoded.toByteArray(), new Random(most), most);
      Reading reading = Reading.all(new DecodingSource(source, coding, DecodingLimits.NONE));
      assertNull(reading.failure());
      assertArrayEquals(plain.toByteArray(), reading.bytes());
    }
  }

  @Test
  void readsOverAllOptionalParts() throws IOException {
    byte[] plain = text(1_000, 4);
    byte[] simple = jdk(plain);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    simple[3] = 1 | 2 | 4 | 8 | 16;
    full.write(simple, 0, 10);
    full.writeBytes(new byte[] {0x2c, 1}); // 300 bytes of extra field
    full.writeBytes(random(300, 1));
    full.writeBytes(new byte[] {'n', 'a', 'm', 'e', 0, 'h', 'i', 0, 12, 34});
    full.write(simple, 10, simple.length - 10);
    assertArrayEquals(plain, decode(full.toByteArray()).bytes());

    ByteArrayOutputStream noExtra = new ByteArrayOutputStream();
    simple[3] = 4;
    noExtra.write(simple, 0, 10);
    noExtra.writeBytes(new byte[] {0, 0});
    noExtra.write(simple, 10, simple.length - 10);
    assertArrayEquals(plain, decode(noExtra.toByteArray()).bytes());
  }

  @Test
  void refusesAWrongTrailerOrHeader() throws IOException {
    byte[] encoded = jdk(text(1_000, 4));
    int[] places = {0, 1, 2, encoded.length - 8, encoded.length - 1};
    for (int place : places) {
      byte[] damaged = encoded.clone();
      damaged[place] ^= 1;
      Throwable failure = decode(damaged).failure();
      assertEquals(
          CodingException.Reason.MALFORMED,
          assertInstanceOf(CodingException.class, failure).reason());
    }
    byte[] reserved = encoded.clone();
    reserved[3] = 0x20;
    assertInstanceOf(CodingException.class, decode(reserved).failure());
  }

  @Test
  void trailerHoldsCheckSumAndSize() {
    byte[] plain = text(1_000, 4);
    byte[] encoded = encode(plain);
    CRC32 crc = new CRC32();
    crc.update(plain);
    byte[] trailer = Arrays.copyOfRange(encoded, encoded.length - 8, encoded.length);
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = (value << 8) | (trailer[i] & 0xff);
    }
    assertEquals(crc.getValue() | (1_000L << 32), value);
  }

  private static byte[] jdk(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
