package dev.headgate.api.body;

import java.nio.ByteBuffer;

/**
 * Where a chunk hook puts what goes on to the next plugin. What it holds takes effect when the hook
 * returns normally; when the hook fails, all of it is dropped.
 *
 * <p>May be used only during the call it was given to, on the thread of the call; later use throws
 * {@link IllegalStateException}. What may be put in depends on the {@link BodyEffect} that the
 * plugin declared.
 */
public interface ChunkSink {
  /**
   * Forwards a chunk without a copy.
   *
   * @param chunk the chunk given to the hook, or one retained from an earlier call of the same body
   *     (the sink takes its own reference: the caller still releases what it retained)
   * @throws IllegalStateException if the call is over
   */
  void pass(BodyChunk chunk);

  /**
   * Forwards bytes of the plugin's own. The buffer belongs to the engine from now on: the plugin
   * must neither read nor write it again.
   *
   * @param bytes the bytes from position to limit; an empty buffer is ignored
   * @throws IllegalStateException if the call is over, or if the plugin declared {@link
   *     BodyEffect#OBSERVES}
   */
  void emit(ByteBuffer bytes);
}
