/**
 * Calls into plugins that may block. Start with {@link dev.headgate.core.concurrent.BlockingCall}.
 * Knows the engine only.
 */
@NullMarked
package dev.headgate.core.concurrent;

import org.jspecify.annotations.NullMarked;
