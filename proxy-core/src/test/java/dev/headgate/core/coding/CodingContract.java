package dev.headgate.core.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.coding.CodingException.Reason;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every coding must do, through both sources. */
public abstract class CodingContract {
  private final List<ScriptedSource> sources = new ArrayList<>();
  protected final TrackedCoding coding = new TrackedCoding(coding());

  protected abstract ContentCoding coding();

  @AfterEach
  public void nothingIsLeft() {
    sources.forEach(ScriptedSource::assertAllReleased);
    coding.assertAllClosed();
  }

  @Property(tries = 100)
  public void roundTripsHoweverTheBodyIsCut(
      @ForAll long seed, @ForAll @IntRange(max = 100_000) int size, @ForAll boolean random) {
    Random cuts = new Random(seed);
    byte[] plain = random ? random(size, seed) : text(size, seed);
    ScriptedSource in = ScriptedSource.cut(plain, cuts, 1 + cuts.nextInt(40_000));
    byte[] encoded = Reading.all(new EncodingSource(in, coding)).bytes();
    int most = 1 + cuts.nextInt(1 + encoded.length / 50);
    ScriptedSource out = ScriptedSource.cut(encoded, cuts, most);
    Reading reading = Reading.all(decoding(out));
    assertNull(reading.failure());
    assertArrayEquals(plain, reading.bytes());
    in.assertAllReleased();
    out.assertAllReleased();
    coding.assertAllClosed();
  }

  @Property(tries = 100)
  public void damagedBodiesNeverHarm(@ForAll long seed, @ForAll @IntRange(max = 20_000) int size) {
    Random random = new Random(seed);
    byte[] encoded = encode(text(size, seed));
    for (int i = random.nextInt(5); i >= 0; i--) {
      encoded[random.nextInt(encoded.length)] = (byte) random.nextInt();
    }
    ScriptedSource out = ScriptedSource.cut(encoded, random, 1 + random.nextInt(500));
    Reading reading =
        Reading.all(new DecodingSource(out, coding, DecodingLimits.maxBytes(1_000_000)));
    if (reading.failure() != null) {
      CodingException failure = assertInstanceOf(CodingException.class, reading.failure());
      assertNotSame(Reason.INTERNAL, failure.reason(), failure.toString());
    }
    out.assertAllReleased();
    coding.assertAllClosed();
  }

  @Test
  public void bothDirectionsWorkInOnePipe() {
    byte[] plain = text(3_000_000, 7);
    ScriptedSource in = keep(ScriptedSource.cut(plain, new Random(1), 70_000));
    Reading reading = Reading.all(decoding(new EncodingSource(in, coding)));
    assertArrayEquals(plain, reading.bytes());
  }

  @Test
  public void theEmptyBodyRoundTrips() {
    byte[] encoded = encode(new byte[0]);
    assertTrue(encoded.length > 0);
    assertEquals(0, decode(encoded).bytes().length);
    assertNull(decode(encoded).failure());
  }

  @Test
  public void noBytesAreTheEncodingOfNothing() {
    Reading reading = decode(new byte[0]);
    assertNull(reading.failure());
    assertEquals(0, reading.bytes().length);
    assertEquals(0, coding.made());
  }

  @Test
  public void failsWhereverTheBodyIsTruncated() {
    byte[] plain = text(2_000, 3);
    byte[] encoded = encode(plain);
    for (int length = 1; length < encoded.length; length++) {
      Reading reading = decode(Arrays.copyOf(encoded, length));
      CodingException failure = assertInstanceOf(CodingException.class, reading.failure());
      assertEquals(Reason.TRUNCATED, failure.reason(), "cut at " + length);
      assertEquals(coding.name(), failure.coding());
      byte[] got = reading.bytes();
      assertArrayEquals(Arrays.copyOf(plain, got.length), got, "cut at " + length);
    }
  }

  @Test
  public void failsOnGarbageAndStopsReading() {
    ScriptedSource source = keep(new ScriptedSource());
    byte[] garbage = new byte[1_000];
    Arrays.fill(garbage, (byte) 0xff);
    source.add(garbage).add(garbage).add(garbage).end();
    DecodingSource decoding = decoding(source);
    Reading reading = Reading.all(decoding);
    CodingException failure = assertInstanceOf(CodingException.class, reading.failure());
    assertEquals(Reason.MALFORMED, failure.reason());
    assertSame(failure, source.failure());
    assertEquals(1, source.given());
    assertSame(failure, Reading.all(decoding).failure());
  }

  @Test
  public void failsOnBytesAfterTheEnd() {
    byte[] encoded = encode(text(2_000, 3));
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 10);
    Arrays.fill(longer, encoded.length, longer.length, (byte) 0x55);
    for (int most : new int[] {1, 7, 100_000}) {
      ScriptedSource source = keep(ScriptedSource.cut(longer, new Random(most), most));
      Throwable failure = Reading.all(decoding(source)).failure();
      assertEquals(Reason.MALFORMED, assertInstanceOf(CodingException.class, failure).reason());
    }
  }

  @Test
  public void decodesOnlyWhatIsRead() {
    byte[] bomb = encode(new byte[64 * 1024 * 1024]);
    ScriptedSource source = keep(ScriptedSource.of(bomb));
    DecodingSource decoding = decoding(source);
    for (int i = 0; i < 20; i++) {
      Content content = decoding.read();
      assertNotNull(content);
      assertTrue(content.size() <= 16 * 1024);
      content.release();
    }
    decoding.abort(new Exception("enough"));
  }

  @Test
  public void oneOutputBufferServesAReaderThatReleases() {
    ScriptedSource source = keep(ScriptedSource.of(encode(new byte[1_000_000])));
    DecodingSource decoding = decoding(source);
    Content first = decoding.read();
    assertNotNull(first);
    first.buffer().put(0, (byte) 77);
    first.release();
    Content second = decoding.read();
    assertNotNull(second);
    assertEquals(0, second.buffer().get(0));
    second.release();
    assertEquals(0, first.buffer().get(0), "the same memory");
    decoding.abort(new Exception("enough"));
  }

  @Test
  public void retainedContentsKeepTheirBytes() {
    byte[] plain = text(300_000, 9);
    ScriptedSource source = keep(ScriptedSource.cut(encode(plain), new Random(3), 500));
    DecodingSource decoding = decoding(source);
    List<Content> contents = new ArrayList<>();
    do {
      Content content = decoding.read();
      if (content != null) {
        contents.add(content);
      }
    } while (contents.isEmpty() || !contents.get(contents.size() - 1).last());
    int from = 0;
    for (Content content : contents) {
      byte[] bytes = Reading.take(content.bytes());
      assertArrayEquals(Arrays.copyOfRange(plain, from, from + bytes.length), bytes);
      from += bytes.length;
      content.release();
    }
    assertEquals(plain.length, from);
  }

  @Test
  public void stopsAtTheLimits() {
    byte[] zeros = encode(new byte[2_000_000]);
    for (DecodingLimits limits :
        List.of(DecodingLimits.maxBytes(100_000), new DecodingLimits(Long.MAX_VALUE, 20))) {
      ScriptedSource source = keep(ScriptedSource.of(zeros));
      Reading reading = Reading.all(new DecodingSource(source, coding, limits));
      CodingException failure = assertInstanceOf(CodingException.class, reading.failure());
      assertEquals(Reason.TOO_LARGE, failure.reason());
      assertTrue(reading.bytes().length <= 100_000, "read " + reading.bytes().length);
    }
    byte[] fits = encode(new byte[60_000]);
    assertNull(
        Reading.all(
                new DecodingSource(ScriptedSource.of(fits), coding, new DecodingLimits(60_000, 2)))
            .failure());
  }

  @Test
  public void eventsAreNotDelayed() {
    ScriptedSource source = keep(new ScriptedSource());
    DecodingSource pipe = decoding(new EncodingSource(source, coding));
    for (int i = 0; i < 200; i++) {
      assertNull(pipe.read());
      AtomicInteger calls = new AtomicInteger();
      pipe.demand(calls::incrementAndGet);
      assertEquals(0, calls.get());
      byte[] event = ("data: {\"number\": " + i + ", \"text\": \"token\"}\n\n").getBytes(UTF_8);
      source.add(event);
      assertEquals(1, calls.get());
      Content content = pipe.read();
      assertNotNull(content);
      assertArrayEquals(event, Reading.take(content.buffer()));
      content.release();
    }
    source.end();
    Reading end = Reading.all(pipe);
    assertNull(end.failure());
    assertEquals(0, end.bytes().length);
  }

  @Test
  public void contentsAtHandShareOneFlush() {
    ScriptedSource source = keep(new ScriptedSource());
    EncodingSource encoding = new EncodingSource(source, coding);
    source.add(text(100, 1)).add(text(100, 2)).add(text(100, 3)).gap().end();
    assertTrue(Reading.all(encoding).contents() <= 2);
  }

  @Test
  public void aReaderIsNeverCalledInVain() {
    byte[] plain = random(200_000, 5);
    byte[] encoded = encode(plain);
    ScriptedSource source = keep(new ScriptedSource());
    for (byte octet : encoded) {
      source.gap().add(new byte[] {octet});
    }
    source.gap().end();
    assertArrayEquals(plain, Reading.all(decoding(source)).bytes());
  }

  @Test
  public void abortReleasesAHalfUsedContentAndAnswersTheDemand() {
    ScriptedSource source = keep(new ScriptedSource());
    byte[] encoded = encode(new byte[1_000_000]);
    source.add(encoded).gap();
    DecodingSource decoding = decoding(source);
    Content content = decoding.read();
    assertNotNull(content);
    Exception reason = new Exception("gone");
    decoding.abort(reason);
    decoding.abort(new Exception("again"));
    content.release();
    assertSame(reason, source.failure());
    assertSame(reason, Reading.all(decoding).failure());

    ScriptedSource silent = keep(new ScriptedSource());
    EncodingSource encoding = new EncodingSource(silent, coding);
    AtomicInteger calls = new AtomicInteger();
    silent.add(text(100, 1));
    Content flushed = encoding.read();
    assertNotNull(flushed);
    flushed.release();
    encoding.demand(calls::incrementAndGet);
    encoding.abort(reason);
    assertEquals(1, calls.get());
    assertSame(reason, Reading.all(encoding).failure());
  }

  @Test
  public void abortReleasesWhatADemandHasMade() {
    ScriptedSource source = keep(ScriptedSource.of(encode(text(50_000, 1))));
    DecodingSource decoding = decoding(source);
    AtomicInteger calls = new AtomicInteger();
    decoding.demand(calls::incrementAndGet);
    assertEquals(1, calls.get());
    Exception reason = new Exception("gone");
    decoding.abort(reason);
    assertSame(reason, Reading.all(decoding).failure());
  }

  @Test
  public void abortAfterTheEndHasNoEffect() {
    ScriptedSource source = keep(ScriptedSource.of(encode(text(100, 1))));
    DecodingSource decoding = decoding(source);
    assertNull(Reading.all(decoding).failure());
    decoding.abort(new Exception("late"));
    assertNull(Reading.all(decoding).failure());
  }

  @Test
  public void abortMayRaceWithReading() throws InterruptedException {
    byte[] encoded = encode(text(400_000, 2));
    for (int i = 0; i < 200; i++) {
      ScriptedSource source = keep(ScriptedSource.cut(encoded, new Random(i), 5_000));
      DecodingSource decoding = decoding(source);
      CountDownLatch started = new CountDownLatch(1);
      Thread reader =
          new Thread(
              () -> {
                started.countDown();
                Reading.all(new EncodingSource(decoding, coding));
              });
      reader.start();
      started.await();
      for (int spin = 0; spin < i * 100; spin++) {
        Thread.onSpinWait();
      }
      decoding.abort(new Exception("gone"));
      reader.join();
      source.assertAllReleased();
      coding.assertAllClosed();
    }
  }

  @Test
  public void failuresOfTheSourceArePassedOnAfterTheBytesBefore() {
    Exception reason = new Exception("reset");
    byte[] plain = text(1_000, 1);
    ScriptedSource source = keep(new ScriptedSource().add(plain).fail(reason));
    DecodingSource pipe = decoding(new EncodingSource(source, coding));
    Reading reading = Reading.all(pipe);
    assertArrayEquals(plain, reading.bytes());
    assertSame(reason, reading.failure());
    assertSame(reason, Reading.all(pipe).failure());
  }

  @Test
  public void trailersArriveAtTheEnd() {
    ScriptedSource source = keep(new ScriptedSource().add(text(100, 1)).gap().end());
    source.trailers = new HeaderList();
    DecodingSource pipe = decoding(new EncodingSource(source, coding));
    Content content = pipe.read();
    assertNotNull(content);
    content.release();
    assertNull(pipe.trailers());
    Reading.all(pipe);
    assertSame(source.trailers, pipe.trailers());
    assertEquals(-1, pipe.length());
  }

  private DecodingSource decoding(BodySource source) {
    return new DecodingSource(source, coding, DecodingLimits.NONE);
  }

  private ScriptedSource keep(ScriptedSource source) {
    sources.add(source);
    return source;
  }

  protected final byte[] encode(byte[] plain) {
    return Reading.all(new EncodingSource(keep(ScriptedSource.of(plain)), coding)).bytes();
  }

  protected final Reading decode(byte[] encoded) {
    return Reading.all(decoding(keep(ScriptedSource.of(encoded))));
  }

  public static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static byte[] text(int size, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) "etaoin shrdlu\n".charAt(Math.min(random.nextInt(14), random.nextInt(14)));
    }
    return bytes;
  }
}
