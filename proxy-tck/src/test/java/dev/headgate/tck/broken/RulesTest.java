package dev.headgate.tck.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.rules.RuleCatalog;
import dev.headgate.tck.rules.RuleCatalog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** RULES.md and the tests tell of the same rules. */
class RulesTest {
  private static final Path FILE = Path.of("RULES.md");
  private static final Pattern ROW = Pattern.compile("\\| ([A-Z]-\\d\\d) \\| (.+) \\| (.* )?\\|");
  private static final Pattern NEEDS = Pattern.compile("\\[([A-Z_0-9, ]+)]$");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(FILE).stream()
        .filter(line -> line.startsWith("|"))
        .filter(line -> !line.startsWith("| Rule |") && !line.startsWith("|---"))
        .toList();
  }

  /** Statements by number. */
  private static Map<String, String> statements() throws IOException {
    Map<String, String> statements = new TreeMap<>();
    for (String row : rows()) {
      Matcher matcher = ROW.matcher(row);
      assertTrue(matcher.matches(), () -> "not a row: " + row);
      String before = statements.put(matcher.group(1), matcher.group(2));
      assertEquals(null, before, () -> "a number twice: " + row);
    }
    return statements;
  }

  @Test
  void eachRowHasOneTestAndEachTestARow() throws IOException {
    Set<String> tested =
        RuleCatalog.all().stream().map(Entry::id).collect(Collectors.toCollection(TreeSet::new));

    assertEquals(statements().keySet(), tested);
    assertEquals(tested.size(), RuleCatalog.all().size());
  }

  @Test
  void eachRowSaysWhatItsTestNeeds() throws IOException {
    Map<String, String> statements = statements();
    for (Entry rule : RuleCatalog.all()) {
      Matcher needs = NEEDS.matcher(statements.getOrDefault(rule.id(), ""));
      Set<String> told = needs.find() ? Set.of(needs.group(1).split(", ")) : Set.of();
      Set<String> needed = rule.needs().stream().map(Capability::name).collect(Collectors.toSet());
      assertEquals(told, needed, rule.id());
    }
  }

  @Test
  void eachRowIsAnObligation() throws IOException {
    statements()
        .forEach(
            (id, statement) ->
                assertTrue(
                    Arrays.asList(statement.split("\\W+")).contains("MUST")
                        || statement.contains("SHOULD")
                        || statement.startsWith("The same"),
                    () -> id + " obliges nobody: " + statement));
  }

  @Test
  void eachGroupHasATitleAndRules() {
    for (String group : RuleCatalog.groups()) {
      assertTrue(RuleCatalog.title(group).startsWith(group + " "), group);
      assertTrue(!RuleCatalog.group(group).isEmpty(), group);
    }
  }
}
