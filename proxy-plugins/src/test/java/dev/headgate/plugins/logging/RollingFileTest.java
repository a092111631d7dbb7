package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingFileTest {
  private static final LocalDate DAY = LocalDate.parse("2026-01-10");

  @TempDir Path temp;
  private Path directory;

  @BeforeEach
  void chooseDirectory() {
    directory = temp.resolve("a/b");
  }

  private RollingFile file(LogFile settings) {
    return new RollingFile(new LogDirectory(settings), settings.maxBytes());
  }

  private RollingFile file(long maxBytes) {
    return file(LogFile.in(directory).withMaxBytes(maxBytes));
  }

  private static void write(RollingFile file, LocalDate day, String... lines) throws IOException {
    for (String line : lines) file.append(day, line + "\n");
    file.flush();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name));
  }

  private void exists(String... names) throws IOException {
    Files.createDirectories(directory);
    for (String name : names) Files.writeString(directory.resolve(name), "old\n");
  }

  @Test
  void makesTheDirectoryAndTheFileOfTheDay() throws IOException {
    RollingFile file = file(1000);
    write(file, DAY, "one", "two");
    assertEquals(List.of("debug-2026-01-10.log"), names());
    assertEquals(List.of("one", "two"), lines("debug-2026-01-10.log"));
    assertEquals(0, file.discard());
  }

  @Test
  void isForTheOwnersEyesOnly() throws IOException {
    assumeTrue(temp.getFileSystem().supportedFileAttributeViews().contains("posix"));
    write(file(1000), DAY, "one");
    Path file = directory.resolve("debug-2026-01-10.log");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    exists("debug-2026-01-10.log");
    write(file(1000), DAY, "new");
    assertEquals(List.of("old", "new"), lines("debug-2026-01-10.log"));
  }

  @Test
  void beginsANewFileWithTheDay() throws IOException {
    RollingFile file = file(1000);
    write(file, DAY, "one");
    write(file, DAY.plusDays(1), "two");
    write(file, DAY, "a straggler");
    assertEquals(List.of("one"), lines("debug-2026-01-10.log"));
    assertEquals(List.of("two", "a straggler"), lines("debug-2026-01-11.log"));
  }

  @Test
  void beginsANewFileWhenOneIsFull() throws IOException {
    RollingFile file = file(10);
    write(file, DAY, "1234", "5678", "a", "very long line", "b");
    assertEquals(
        List.of(
            "debug-2026-01-10.1.log",
            "debug-2026-01-10.2.log",
            "debug-2026-01-10.3.log",
            "debug-2026-01-10.log"),
        names());
    assertEquals(List.of("1234", "5678"), lines("debug-2026-01-10.log"));
    assertEquals(List.of("a"), lines("debug-2026-01-10.1.log"));
    assertEquals(List.of("very long line"), lines("debug-2026-01-10.2.log"));
    assertEquals(List.of("b"), lines("debug-2026-01-10.3.log"));
  }

  @Test
  void goesOnWithTheNewestFileOfTheDay() throws IOException {
    exists("debug-2026-01-10.2.log", "debug-2026-01-10.10.log", "debug-2026-01-09.99.log");
    write(file(8), DAY, "new", "next");
    assertEquals(List.of("old", "new"), lines("debug-2026-01-10.10.log"));
    assertEquals(List.of("next"), lines("debug-2026-01-10.11.log"));
  }

  @Test
  void leavesAFullFileOfTheDayAsItIs() throws IOException {
    exists("debug-2026-01-10.log", "debug-2026-01-10.1.log");
    write(file(5), DAY, "new");
    assertEquals(List.of("old"), lines("debug-2026-01-10.1.log"));
    assertEquals(List.of("new"), lines("debug-2026-01-10.2.log"));
  }

  @Test
  void seesWhatOthersWriteToTheSameFile() throws IOException {
    RollingFile file = file(20);
    RollingFile other = file(20);
    write(file, DAY, "first");
    write(other, DAY, "others");
    write(file, DAY, "second");
    write(other, DAY, "1234");
    assertEquals(List.of("first", "others", "second"), lines("debug-2026-01-10.log"));
    assertEquals(List.of("1234"), lines("debug-2026-01-10.1.log"));
  }

  @Test
  void keepsTheNewestFilesOnly() throws IOException {
    exists(
        "debug-2026-01-08.log",
        "debug-2026-01-09.log",
        "debug-2026-01-09.1.log",
        "debug-2026-01-09.10.log",
        "debug-2026-01-09.9.log");
    write(file(LogFile.in(directory).withMaxFiles(3)), DAY, "new");
    assertEquals(
        List.of("debug-2026-01-09.10.log", "debug-2026-01-09.9.log", "debug-2026-01-10.log"),
        names());
  }

  @Test
  void keepsTheNewestDaysOnly() throws IOException {
    exists("debug-2026-01-08.log", "debug-2026-01-09.log", "debug-2025-12-31.log");
    write(file(LogFile.in(directory).withMaxDays(2)), DAY, "new");
    assertEquals(List.of("debug-2026-01-09.log", "debug-2026-01-10.log"), names());
  }

  @Test
  void keepsOneFileWhenOnlyOneIsWanted() throws IOException {
    RollingFile file = file(new LogFile(directory, 4, 1, 1));
    write(file, DAY, "abc", "def", "ghi");
    assertEquals(List.of("debug-2026-01-10.2.log"), names());
    assertEquals(List.of("ghi"), lines("debug-2026-01-10.2.log"));
  }

  @Test
  void neverDeletesWhatIsNotItsOwn() throws IOException {
    String[] others = {
      "debug-2020-01-01.log.gz",
      "debug-2020-01-01.01.log",
      "debug-2020-13-01.log",
      "debug.log",
      "mydebug-2020-01-01.log",
      "debug-2020-01-01.0.log"
    };
    exists(others);
    write(file(new LogFile(directory, 4, 1, 1)), DAY, "new");
    assertEquals(others.length + 1, names().size());
  }

  @Test
  void writesALineLargerThanItsBuffer() throws IOException {
    String large = "x".repeat(100_000);
    write(file(1_000_000), DAY, "before", large, "after");
    assertEquals(List.of("before", large, "after"), lines("debug-2026-01-10.log"));
  }

  @Test
  void holdsLinesBackUntilFlushed() throws IOException {
    RollingFile file = file(1000);
    file.append(DAY, "one\n");
    assertEquals(List.of(), lines("debug-2026-01-10.log"));
    assertEquals(1, file.discard());
    write(file, DAY, "two");
    assertEquals(List.of("two"), lines("debug-2026-01-10.log"));
  }

  @Test
  void failsWhereTheDirectoryCannotBe() throws IOException {
    Files.writeString(temp.resolve("a"), "a file, not a directory");
    assertThrows(IOException.class, () -> file(1000).append(DAY, "x\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"debug-2026-01-10.log", "debug-2026-01-10.1.log", "debug-2026-01-10.99.log"})
  void readsTheNamesItWrites(String name) {
    assertEquals(name, LogFileName.parse(name).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug-2026-02-30.log", "debug-2026-01-10.1234567890.log", "debug-.log"})
  void readsNoOtherNames(String name) {
    assertNull(LogFileName.parse(name));
  }

  @Test
  void reportsAllMistakesOfTheSettingsAtOnce() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new LogFile(temp, 0, -1, 0))
            .getMessage();
    for (String part : List.of("maxBytes", "maxFiles", "-1", "maxDays")) {
      assertTrue(message.contains(part), message);
    }
    assertThrows(NullPointerException.class, () -> LogFile.in(null));
  }
}
