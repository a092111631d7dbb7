package dev.headgate.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.Result.Verdict;
import dev.headgate.tck.lab.Driver;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleRunnerTest {
  @Test
  void runsOneRule() {
    Result result = RuleRunner.run(new MemoryEnvironment(), "P-01");

    assertEquals(Verdict.PASSED, result.verdict(), result::toString);
    assertTrue(result.log().contains("a.onRequest"), result.log());
  }

  @Test
  void showsWhatIsNotSupported() {
    Result result = RuleRunner.run(new MemoryEnvironment(), "H-19");

    assertEquals(Verdict.UNSUPPORTED, result.verdict());
    assertEquals("not supported: needs [SOCKETS]", result.failure().getMessage());
  }

  @Test
  void refusesUnknownRules() {
    MemoryEnvironment environment = new MemoryEnvironment();
    assertThrows(IllegalArgumentException.class, () -> RuleRunner.run(environment, "P-00"));
  }

  @Test
  void failsWhereTheBackendDoesNotStart() {
    Result result = RuleRunner.run(new Broken(), "P-01");

    assertTrue(result.failed());
    assertEquals("no engine today", result.failure().getMessage());
  }

  @Test
  void countsResults() {
    Scorecard card = new Scorecard("test");
    card.add(new Result("P-01", Verdict.PASSED, null, ""));
    card.add(new Result("S-01", Verdict.FAILED, new AssertionError("why\nmore"), ""));

    assertEquals(1, card.count(Verdict.PASSED));
    assertEquals(1, card.count(Verdict.FAILED));
    assertTrue(card.text().contains("S-01  FAILED       why\n"), card.text());
  }

  private static final class Broken implements TckEnvironment {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public long stallBytes() {
      return 1;
    }

    @Override
    public Driver open(String name, EventLog log) {
      throw new IllegalStateException("no engine today");
    }
  }
}
