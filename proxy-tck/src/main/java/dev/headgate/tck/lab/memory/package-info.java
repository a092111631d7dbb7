/**
 * The lab without sockets: start with {@link dev.headgate.tck.lab.memory.MemoryEnvironment}.
 *
 * <p>Knows the in-memory backend, and no rule.
 */
@NullMarked
package dev.headgate.tck.lab.memory;

import org.jspecify.annotations.NullMarked;
