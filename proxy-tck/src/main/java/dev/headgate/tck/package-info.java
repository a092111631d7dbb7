/**
 * The contract of backends as tests. To test one, subclass {@link dev.headgate.tck.BackendTck}; to
 * run a single rule, call {@link dev.headgate.tck.RuleRunner}.
 *
 * <p>Knows no backend.
 */
@NullMarked
package dev.headgate.tck;

import org.jspecify.annotations.NullMarked;
