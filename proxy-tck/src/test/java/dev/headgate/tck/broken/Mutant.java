package dev.headgate.tck.broken;

import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Backend;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
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
record Mutant(String what, String rule, String telling, boolean hangs, TckEnvironment environment) {
  /** What a failure says of one who waited in vain. */
  static final String IN_VAIN = " ms in vain";

  /** A backend that does something wrong. */
  static Mutant backend(String what, String rule, String telling, UnaryOperator<Backend> breach) {
    return new Mutant(what, rule, telling, false, new MemoryEnvironment().around(breach));
  }

  /** A chain that does something wrong. */
  static Mutant chain(String what, String rule, String telling, UnaryOperator<ProxyPlugin> breach) {
    return new Mutant(what, rule, telling, false, new MemoryEnvironment().adapting(breach));
  }

  /** The same, to be run with a short ceiling. */
  Mutant hanging() {
    return new Mutant(what, rule, telling, true, environment);
  }

  @Override
  public String toString() {
    return rule + " catches one that " + what;
  }
}
