package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.headgate.plugins.support.LogRecorder;
import dev.headgate.plugins.support.ManualClock;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the file, and what happens when there can be none. */
class LogFileWriterTest {
  @TempDir Path temp;
  private ManualClock clock = ManualClock.at("2026-01-10T23:30:00.123Z");
  private final LogRecorder recorder = new LogRecorder(Level.WARN);
  private boolean diskFull;

  private LogFileWriter writer(Path directory) {
    LogFile settings = LogFile.in(directory);
    LogDirectory faulty =
        new LogDirectory(settings) {
          @Override
          SeekableByteChannel open(LogFileName name) throws IOException {
            if (diskFull) throw new IOException("No space left on device");
            return super.open(name);
          }
        };
    return new LogFileWriter(settings, faulty, clock, recorder.logger());
  }

  private LogEvent.Draft event() {
    return LogEvent.draft(clock.millis(), org.slf4j.event.Level.DEBUG);
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(temp.resolve(name));
  }

  private List<String> lines() throws IOException {
    return lines("debug-2026-01-10.log");
  }

  @Test
  void writesOneLineForAnEvent() throws IOException {
    LogFileWriter writer = writer(temp);
    writer.write(
        event()
            .with("event", "request")
            .with("number", 42)
            .with("blank", "a b")
            .with("quote", "a\"b\\c")
            .with("empty", "")
            .with("headers", Map.of("accept", "*/*"))
            .saying("GET /"));
    writer.flush();
    assertEquals(
        List.of(
            "2026-01-10T23:30:00.123Z DEBUG GET / event=request number=42 blank=\"a b\""
                + " quote=\"a\\\"b\\\\c\" empty=\"\" headers=\"accept: */*\""),
        lines());
    writer.close();
  }

  @Test
  void namesTheDayInTheZoneOfTheClock() throws IOException {
    clock = clock.withZone(ZoneId.of("Europe/Berlin"));
    LogFileWriter writer = writer(temp);
    writer.write(event().saying("x"));
    writer.close();
    assertEquals(List.of("2026-01-11T00:30:00.123+01:00 DEBUG x"), lines("debug-2026-01-11.log"));
  }

  @Test
  void writesAStackOnLinesOfItsOwnThatNobodyCanForge() throws IOException {
    Throwable hostile = new IOException("x\n2026-01-10T00:00:00Z DEBUG forged\u001b");
    LogFileWriter writer = writer(temp);
    writer.write(event().saying("failed", hostile));
    writer.write(event().saying("next"));
    writer.close();
    List<String> lines = lines();
    assertEquals("\tjava.io.IOException: x", lines.get(1));
    assertEquals("\t2026-01-10T00:00:00Z DEBUG forged\\u001b", lines.get(2));
    assertTrue(lines.get(3).startsWith("\tat dev.headgate"), lines.get(3));
    assertEquals(2, lines.stream().filter(line -> !line.startsWith("\t")).count());
  }

  @Test
  void rollsWithTheDay() throws IOException {
    LogFileWriter writer = writer(temp);
    writer.write(event().saying("one"));
    clock.advance(Duration.ofHours(1));
    writer.write(event().saying("two"));
    writer.close();
    assertEquals(List.of("2026-01-10T23:30:00.123Z DEBUG one"), lines());
    assertEquals(List.of("2026-01-11T00:30:00.123Z DEBUG two"), lines("debug-2026-01-11.log"));
  }

  @Test
  void tellsHowManyLinesWereDropped() throws IOException {
    LogFileWriter writer = writer(temp);
    writer.dropped(7);
    writer.close();
    assertEquals(
        List.of("2026-01-10T23:30:00.123Z WARN 7 lines were dropped: the queue was full"), lines());
  }

  @Test
  void reportsAnUnusableDirectoryOnce() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "not a directory");
    LogFileWriter writer = writer(file.resolve("logs"));
    for (int i = 0; i < 3; i++) {
      writer.write(event().saying("x"));
      writer.flush();
      clock.advance(Duration.ofSeconds(10));
    }
    writer.close();
    assertEquals(1, recorder.messages().size());
    assertTrue(recorder.messages().get(0).contains("logs can't be written"));
    assertFalse(recorder.events().get(0).getThrowableProxy() == null);
  }

  @Test
  void goesOnWhenTheDiskHasRoomAgainAndSaysWhatIsMissing() throws IOException {
    LogFileWriter writer = writer(temp);
    diskFull = true;
    writer.write(event().saying("lost 1"));
    diskFull = false;
    writer.write(event().saying("lost 2, since it is too early to try again"));
    writer.dropped(5);
    clock.advance(Duration.ofSeconds(9));
    writer.write(event().saying("lost 3"));
    clock.advance(Duration.ofSeconds(1));
    writer.write(event().saying("written"));
    writer.close();
    assertEquals(
        List.of(
            "",
            "2026-01-10T23:30:10.123Z WARN 8 lines were lost: the log could not be written",
            "2026-01-10T23:30:10.123Z DEBUG written"),
        lines());
    assertEquals(1, recorder.messages().size());
  }

  @Test
  void reportsEachOutageOnce() throws IOException {
    LogFileWriter writer = writer(temp);
    for (int outage = 1; outage <= 2; outage++) {
      diskFull = true;
      clock.advance(Duration.ofDays(1));
      writer.write(event().saying("lost"));
      clock.advance(Duration.ofSeconds(10));
      writer.write(event().saying("lost"));
      diskFull = false;
      clock.advance(Duration.ofSeconds(10));
      writer.write(event().saying("written"));
      writer.flush();
      assertEquals(outage, recorder.messages().size());
      String note = lines("debug-2026-01-1" + outage + ".log").get(1);
      assertTrue(note.contains(" 2 lines were lost"), note);
    }
    writer.close();
  }

  @Test
  void countsWhatAFullDiskSwallows() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is a device that is always full");
    Path target = temp.resolve("debug-2026-01-10.log");
    Files.createSymbolicLink(target, full);
    LogFileWriter writer = writer(temp);
    for (int i = 0; i < 3; i++) writer.write(event().saying("lost"));
    writer.flush();
    assertEquals(1, recorder.messages().size());
    clock.advance(Duration.ofSeconds(10));
    writer.write(event().saying("lost too"));
    Files.delete(target);
    clock.advance(Duration.ofSeconds(10));
    writer.write(event().saying("written"));
    writer.close();
    assertEquals(1, recorder.messages().size());
    assertTrue(lines().get(1).contains(" 4 lines were lost"), lines().toString());
    assertTrue(lines().get(2).endsWith("written"), lines().toString());
  }
}
