/**
 * The rules of {@code RULES.md}, a method for each, in classes by theme. {@link
 * dev.headgate.tck.rules.RuleCatalog} lists them.
 *
 * <p>Knows the lab, and no backend.
 */
@NullMarked
package dev.headgate.tck.rules;

import org.jspecify.annotations.NullMarked;
