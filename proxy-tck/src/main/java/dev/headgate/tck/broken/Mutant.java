package dev.headgate.tck.broken;

import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Backend;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A backend or a chain that breaks the contract in one way.
 *
 * @param what what it does
 * @param rule the rule that must catch it
 * @param telling what the rule's failure must say
 * @param hangs whether it can only be told by waiting in vain, or leaves something that hangs
 * @param environment where it is
 */
public record Mutant(
    String what, String rule, String telling, boolean hangs, TckEnvironment environment) {
  /** What a failure says of one who waited in vain. */
  public static final String IN_VAIN = " ms in vain";

  /**
   * Checks that nothing is null.
   *
   * @param what what it does
   * @param rule the rule that must catch it
   * @param telling what the rule's failure must say
   * @param hangs whether it can only be told by waiting in vain
   * @param environment where it is
   */
  public Mutant {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(telling, "telling");
    Objects.requireNonNull(environment, "environment");
  }

  /**
   * Makes an in-memory backend that does something wrong.
   *
   * @param what what it does
   * @param rule the rule that must catch it
   * @param telling what the rule's failure must say
   * @param breach breaks the backend
   * @return the mutant
   */
  public static Mutant backend(
      String what, String rule, String telling, UnaryOperator<Backend> breach) {
    return new Mutant(what, rule, telling, false, new MemoryEnvironment().around(breach));
  }

  /**
   * Makes a chain, on the in-memory backend, that does something wrong.
   *
   * @param what what it does
   * @param rule the rule that must catch it
   * @param telling what the rule's failure must say
   * @param breach breaks a plugin, or what is between it and the core
   * @return the mutant
   */
  public static Mutant chain(
      String what, String rule, String telling, UnaryOperator<ProxyPlugin> breach) {
    return new Mutant(what, rule, telling, false, new MemoryEnvironment().adapting(breach));
  }

  /**
   * Returns the same, to be run with a short ceiling.
   *
   * @return the variant
   */
  public Mutant hanging() {
    return new Mutant(what, rule, telling, true, environment);
  }

  @Override
  public String toString() {
    return rule + " catches one that " + what;
  }
}
