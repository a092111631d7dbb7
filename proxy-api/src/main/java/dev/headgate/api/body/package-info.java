/**
 * Bodies as plugins see them: borrowed {@link dev.headgate.api.body.BodyChunk chunks} in, a {@link
 * dev.headgate.api.body.ChunkSink sink} out, and {@link dev.headgate.api.body.CollectedBody
 * collected bodies} for those who asked for one by name, with a limit.
 *
 * <p>Start with {@link dev.headgate.api.body.BodyChunk}. These types know nothing of heads or of
 * the exchange.
 */
@NullMarked
package dev.headgate.api.body;

import org.jspecify.annotations.NullMarked;
