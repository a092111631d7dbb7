package dev.headgate.codings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.coding.CodingChain;
import dev.headgate.core.coding.CodingContract;
import dev.headgate.core.coding.ContentCodings;
import dev.headgate.core.coding.DecodingLimits;
import dev.headgate.core.coding.Reading;
import dev.headgate.core.coding.ScriptedSource;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstalledCodingsTest {
  @Test
  void findsBothByServiceLoader() {
    assertEquals(
        Set.of("gzip", "x-gzip", "deflate", "br", "zstd"), ContentCodings.installed().names());
  }

  @Test
  void allCodingsWorkOnTopOfEachOther() {
    CodingChain chain = ContentCodings.installed().find("zstd, br, gzip, deflate").orElseThrow();
    byte[] plain = CodingContract.text(500_000, 1);
    byte[] read =
        Reading.all(chain.decode(chain.encode(ScriptedSource.of(plain)), DecodingLimits.NONE))
            .bytes();
    assertArrayEquals(plain, read);
  }

  @Test
  void withoutNativeLibrariesTheOthersRemain() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Dbrotli4j.library.path=/no/such/library",
                "-DZstdNativePath=/no/such/library",
                "-cp",
                System.getProperty("java.class.path"),
                Names.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("names: gzip"), output);
    assertFalse(output.contains("names: br") || output.contains("names: zstd"), output);
  }

  /** Prints what is installed. */
  static final class Names {
    public static void main(String[] args) {
      ContentCodings.installed().names().forEach(name -> System.out.println("names: " + name));
    }
  }
}
