package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Bodies of any size need a fixed amount of memory: a JVM with 64 MiB of heap and 64 MiB of direct
 * memory pipes a large body through three plugins. 512 MiB by default; {@code
 * -Dheadgate.test.pipe.mib=10240} for 10 GiB.
 */
class SmallHeapTest {
  private static final int MIB = Integer.getInteger("headgate.test.pipe.mib", 512);

  @ParameterizedTest
  @ValueSource(strings = {"down", "up"})
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void pipesLargeBodyInSmallMemory(String direction) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:MaxDirectMemorySize=64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargePipe.class.getName(),
                    Integer.toString(MIB),
                    direction))
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    assertTrue(out.contains("piped " + MIB + " MiB " + direction), out);
    out.lines().filter(line -> line.startsWith("piped")).forEach(SmallHeapTest::report);
  }

  /** What was measured belongs into the test's output. */
  private static void report(String line) {
    LoggerFactory.getLogger(SmallHeapTest.class).info(line);
  }
}
