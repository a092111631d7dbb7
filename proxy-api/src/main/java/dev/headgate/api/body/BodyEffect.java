package dev.headgate.api.body;

/**
 * What a plugin's chunk hook does to a body, declared in its metadata, so that the engine knows
 * whether {@code Content-Length}, validators and digests still hold (RFC 9110 §7.7, §8.6, §8.8).
 */
public enum BodyEffect {
  /**
   * Looks only. Every chunk goes on unchanged whatever the hook does; {@link ChunkSink#pass} is
   * allowed and has no effect, {@link ChunkSink#emit} fails.
   */
  OBSERVES,
  /**
   * May replace bytes, never their number: each call must put exactly as many bytes into the sink
   * as its chunk had, else it is a fault. {@code Content-Length} stays; validators and digests go.
   */
  KEEPS_LENGTH,
  /**
   * May change the number of bytes, hold back and add. {@code Content-Length}, validators and
   * digests go. When such a plugin fails in the middle of a body, the stream is aborted: changed
   * and unchanged bytes are never mixed.
   */
  CHANGES_LENGTH
}
