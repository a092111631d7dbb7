/**
 * Immutable settings of a proxy that several stages share. Start with {@link
 * dev.headgate.core.config.Timeouts}. Knows nothing of the stages.
 */
@NullMarked
package dev.headgate.core.config;

import org.jspecify.annotations.NullMarked;
