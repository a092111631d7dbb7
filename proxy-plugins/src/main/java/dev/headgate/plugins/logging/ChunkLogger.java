package dev.headgate.plugins.logging;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import java.time.Clock;
import org.slf4j.event.Level;

/**
 * Logs every Nth chunk of both bodies too: their sizes, never their bytes. A class of its own, so
 * that a proxy that logs no chunks calls no chunk hook.
 */
final class ChunkLogger extends ExchangeLogger {
  /** One key for each direction: the two may run at the same time. */
  private static final AttributeKey<Count> REQUEST = AttributeKey.named("logging.requestChunks");

  private static final AttributeKey<Count> RESPONSE = AttributeKey.named("logging.responseChunks");

  private final int interval;

  ChunkLogger(
      EventLog log, Level level, Level errorLevel, Masking masking, Clock clock, int interval) {
    super(log, level, errorLevel, masking, clock);
    this.interval = interval;
  }

  @Override
  public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
    if (log.wants(level)) count("request", REQUEST, ctx, chunk);
    out.pass(chunk);
  }

  @Override
  public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
    if (log.wants(level)) count("response", RESPONSE, ctx, chunk);
    out.pass(chunk);
  }

  private void count(String direction, AttributeKey<Count> key, ProxyContext ctx, BodyChunk chunk) {
    int size = chunk.size();
    if (size == 0) return;
    Count count = ctx.attributes().get(key);
    if (count == null) {
      count = new Count();
      ctx.attributes().put(key, count);
    }
    count.chunks++;
    count.bytes += size;
    if (count.chunks % interval != 0) return;
    log.add(
        event(direction + "Chunk", level, ctx)
            .with("number", count.chunks)
            .with("bytes", size)
            .with("totalBytes", count.bytes)
            .saying(
                direction
                    + " chunk "
                    + count.chunks
                    + ", "
                    + size
                    + " bytes, "
                    + count.bytes
                    + " in all"));
  }

  /** Of one direction of one exchange, whose calls never overlap. */
  private static final class Count {
    private long chunks;
    private long bytes;
  }
}
