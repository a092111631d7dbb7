/**
 * Bodies on their way through the chain. Start with {@link dev.headgate.core.body.ChunkPipe}.
 *
 * <p>Knows the chain and the SPI; knows nothing of heads, routes or of what an exchange does with a
 * failure.
 */
@NullMarked
package dev.headgate.core.body;

import org.jspecify.annotations.NullMarked;
