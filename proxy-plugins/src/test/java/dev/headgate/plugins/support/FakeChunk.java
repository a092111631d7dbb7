package dev.headgate.plugins.support;

import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A chunk that counts nothing, and a sink that keeps what was passed on. */
public record FakeChunk(String text, boolean last) implements BodyChunk {
  @Override
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }

  @Override
  public int size() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void retain() {
    throw new UnsupportedOperationException("nobody here needs it for longer");
  }

  @Override
  public void release() {
    throw new UnsupportedOperationException("nobody here retained it");
  }

  /** Where chunks go on; refuses bytes of a plugin's own, as for a plugin that observes only. */
  public static final class Sink implements ChunkSink {
    public final List<BodyChunk> passed = new ArrayList<>();

    @Override
    public void pass(BodyChunk chunk) {
      passed.add(chunk);
    }

    @Override
    public void emit(ByteBuffer bytes) {
      throw new IllegalStateException("the plugin declared that it observes only");
    }
  }
}
