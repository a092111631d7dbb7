package dev.headgate.codings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStream;
import dev.headgate.core.coding.CodingContract;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.ContentCoding;
import dev.headgate.core.coding.DecodingLimits;
import dev.headgate.core.coding.DecodingSource;
import dev.headgate.core.coding.Reading;
import dev.headgate.core.coding.ScriptedSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZstdCodingTest extends CodingContract {
  @Override
  protected ContentCoding coding() {
    ZstdCoding zstd = new ZstdCoding();
    assertNull(zstd.unavailable());
    return zstd;
  }

  @Test
  void readsWhatTheLibraryWritesAndTheOtherWayRound() throws IOException {
    byte[] plain = text(500_000, 4);
    assertArrayEquals(plain, decode(Zstd.compress(plain)).bytes());
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(encode(plain)))) {
      assertArrayEquals(plain, in.readAllBytes());
    }
  }

  @Test
  void readsFramesOneAfterTheOther() {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int i = 0; i < 5; i++) {
      encoded.writeBytes(Zstd.compress(text(i * 10_000, i)));
      encoded.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2}); // skippable
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
  void refusesWindowsAboveEightMebibytes() {
    byte[] plain = random(9_000_000, 1);
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1).setWindowLog(24)) {
      Throwable failure = decode(zstd.compress(plain)).failure();
      assertEquals(
          CodingException.Reason.MALFORMED,
          assertInstanceOf(CodingException.class, failure).reason());
    }
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1).setWindowLog(23)) {
      assertArrayEquals(plain, decode(zstd.setContentSize(false).compress(plain)).bytes());
    }
  }
}
