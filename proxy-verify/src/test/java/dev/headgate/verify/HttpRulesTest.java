package dev.headgate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/http-rules.md names is there: classes, tests, and rules of the contract. */
class HttpRulesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");
  private static final Pattern RULE = Pattern.compile("\\b[PSLEHTFI]-[0-9]{2}\\b");

  @Test
  void namesWhatIsThere() throws IOException {
    String contract = Files.readString(ROOT.resolve("proxy-tck/RULES.md"), StandardCharsets.UTF_8);
    Set<String> sources = sources();
    List<String> missing = new ArrayList<>();
    int rules = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/http-rules.md"))) {
      if (!line.startsWith("| ") || line.startsWith("| # ") || line.startsWith("| Trap")) continue;
      rules++;
      String[] cells = line.split("(?<!\\\\)\\|", -1);
      boolean trap = cells.length == 4;
      String shown = cells[cells.length - 2];
      boolean test = false;
      Matcher rule = RULE.matcher(shown);
      while (rule.find()) {
        test = true;
        if (!contract.contains("| " + rule.group() + " |")) missing.add(rule.group());
      }
      Matcher type = CLASS.matcher(trap ? shown : cells[3] + shown);
      while (type.find()) {
        test |= type.group(1).endsWith("Test");
        if (!sources.contains(type.group(1) + ".java")) missing.add(type.group(1));
      }
      if (!test) missing.add("a test for " + line);
    }
    assertEquals(List.of(), missing);
    assertTrue(rules > 40, "rows: " + rules);
  }

  private static Set<String> sources() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(path -> Files.isDirectory(path.resolve("src"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files.forEach(file -> names.add(file.getFileName().toString()));
        }
      }
    }
    return names;
  }
}
