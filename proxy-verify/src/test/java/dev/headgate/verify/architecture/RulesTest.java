package dev.headgate.verify.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows for each rule that it can fail, and that it accepts the same code once mended. */
class RulesTest {
  @TempDir Path directory;

  static List<RuleCase> cases() {
    return RuleCases.ALL;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void catchesWhatItForbids(RuleCase example) throws Exception {
    EvaluationResult result = evaluate(example.rule(), example.bad());
    assertTrue(result.hasViolation(), "nothing was found");
    String report = result.getFailureReport().toString();
    assertTrue(report.contains(example.named()), report);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void acceptsTheMendedCode(RuleCase example) throws Exception {
    EvaluationResult result = evaluate(example.rule(), example.good());
    assertFalse(result.hasViolation(), result.getFailureReport().toString());
  }

  @Test
  void everyRuleIsTriedOut() {
    Set<String> rules =
        Stream.of(Rules.class.getDeclaredFields())
            .filter(field -> field.getType() == ArchRule.class)
            .map(Field::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> tried =
        RuleCases.ALL.stream().map(RuleCase::rule).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(rules, tried);
  }

  private EvaluationResult evaluate(String rule, Snippet code) throws Exception {
    Field field = Rules.class.getDeclaredField(rule);
    return ((ArchRule) field.get(null)).allowEmptyShould(true).evaluate(code.compile(directory));
  }
}
