/**
 * A complete backend without sockets: deterministic, with a virtual clock, scripted clients and
 * upstreams, and a ledger of what the core held on to or did against the rules.
 *
 * <p>Start with {@link dev.headgate.tck.memory.MemoryEngine}. Two locks do not exist here: one lock
 * per engine guards all state of that engine, and nothing of the core's is ever called while it is
 * held. Callbacks into the core run on the engine's one dispatcher thread, in the order in which
 * they became due. Knows the core's SPI and nothing of its pipeline, plugins or proxies.
 */
@NullMarked
package dev.headgate.tck.memory;

import org.jspecify.annotations.NullMarked;
