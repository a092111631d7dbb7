package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session's id becomes file names. */
class SessionFilesTest {
  private static final Path DIRECTORY = Path.of("metrics").toAbsolutePath();

  @Test
  void keepsOrdinaryIdsAsTheyAre() {
    SessionFiles files = SessionFiles.of(DIRECTORY, "0a1b-Cd_e.f");
    assertEquals(DIRECTORY.resolve("0a1b-Cd_e.f_metrics.jsonl"), files.log());
    assertEquals(DIRECTORY.resolve("0a1b-Cd_e.f.json"), files.facts());
    assertEquals(DIRECTORY.resolve("0a1b-Cd_e.f_metrics.lock"), files.lock());
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a%2Fb",
    "../x, %2E.%2Fx",
    "a\\b, a%5Cb",
    "a%2Fb, a%252Fb",
    "..,%2E.",
    ".,%2E",
    "é,%C3%A9",
    "a b:c,a%20b%3Ac"
  })
  void escapesWhatIsNotSafe(String id, String name) {
    assertEquals(name, SessionFiles.of(DIRECTORY, id).name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/passwd", "../../x", "..", "a/../../b", "C:\\x", "\0", "a\nb", "~", "\uD800"})
  void staysInTheDirectory(String id) {
    SessionFiles files = SessionFiles.of(DIRECTORY, id);
    for (Path file : List.of(files.log(), files.facts(), files.lock())) {
      assertEquals(DIRECTORY, file.normalize().getParent());
    }
  }

  @Test
  void shortensLongIdsWithoutMixingThemUp() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      String name = SessionFiles.of(DIRECTORY, "x".repeat(1000) + i).name();
      assertTrue(name.length() <= 160, name);
      names.add(name);
    }
    assertEquals(10, names.size());
  }
}
