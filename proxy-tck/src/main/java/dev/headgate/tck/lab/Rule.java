package dev.headgate.tck.lab;

import dev.headgate.core.spi.Capability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the test of one rule of {@code RULES.md}: a method of a rule class, with a {@link Lab} as
 * its only parameter. It may throw anything; an {@link AssertionError} is the usual way to fail.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Rule {
  /**
   * Returns the number.
   *
   * @return such as {@code P-01}; unique
   */
  String id();

  /**
   * Returns what the rule says, in short.
   *
   * @return a sentence for people, shown with the test
   */
  String intent();

  /**
   * Returns how binding it is.
   *
   * @return required by default
   */
  Level level() default Level.REQUIRED;

  /**
   * Returns what a backend must be able to do for it.
   *
   * @return the capabilities; without one of them the rule is shown as unsupported
   */
  Capability[] needs() default {};
}
