package dev.headgate.core.body;

import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sink of one chunk hook: holds what a call put in until the call is settled. Reused from call
 * to call.
 */
final class CallSink implements ChunkSink {
  private @Nullable Thread thread;
  private @Nullable Content input;
  private BodyEffect effect = BodyEffect.OBSERVES;
  private @Nullable Content first;
  private @Nullable List<Content> more;
  private long bytes;

  void open(Content content, BodyEffect declared) {
    thread = Thread.currentThread();
    input = content;
    effect = declared;
    first = null;
    more = null;
    bytes = 0;
  }

  void close() {
    thread = null;
    input = null;
  }

  @Override
  public void pass(BodyChunk chunk) {
    requireOpen();
    if (!(Objects.requireNonNull(chunk, "chunk") instanceof BorrowedChunk borrowed)) {
      throw new IllegalArgumentException(
          "expected the chunk given to the hook, or one retained earlier, but was "
              + chunk.getClass());
    }
    Content content = borrowed.content();
    if (effect == BodyEffect.OBSERVES) return;
    if (content != input || holds(content)) {
      // The bytes may be on their way elsewhere: this one needs a position of its own.
      content = new View(content, content.bytes());
    }
    content.retain();
    put(content);
  }

  @Override
  public void emit(ByteBuffer buffer) {
    requireOpen();
    if (effect == BodyEffect.OBSERVES) {
      throw new IllegalStateException(
          "a plugin whose metadata says OBSERVES must not emit bytes of its own");
    }
    if (Objects.requireNonNull(buffer, "bytes").hasRemaining()) put(HeapContent.of(buffer, false));
  }

  private void requireOpen() {
    if (thread != Thread.currentThread()) {
      throw new IllegalStateException(
          "a sink may be used only during its call, on the call's thread");
    }
  }

  private boolean holds(Content content) {
    return first == content || (more != null && more.contains(content));
  }

  private void put(Content content) {
    bytes += content.size();
    if (first == null) {
      first = content;
    } else {
      if (more == null) more = new ArrayList<>();
      more.add(content);
    }
  }

  /** How many bytes the call put in. */
  long bytes() {
    return bytes;
  }

  /** Whether the call put in nothing but this content. */
  boolean only(Content content) {
    return first == content && more == null;
  }

  /**
   * Takes what the call put in, in order, with the last piece marked as that where {@code last}.
   */
  List<Content> take(boolean last) {
    List<Content> out = new ArrayList<>();
    if (first != null) out.add(first);
    if (more != null) out.addAll(more);
    first = null;
    more = null;
    if (last && out.isEmpty()) out.add(HeapContent.end());
    for (int i = 0; i < out.size(); i++) {
      Content content = out.get(i);
      boolean mark = last && i == out.size() - 1;
      if (content.last() != mark) out.set(i, new Marked(content, mark));
    }
    return out;
  }

  /** Drops what the call put in. */
  void drop() {
    if (first != null) first.release();
    if (more != null) more.forEach(Content::release);
    first = null;
    more = null;
  }

  /** The same bytes with a position of their own. */
  private record View(Content content, ByteBuffer buffer) implements Content {
    @Override
    public ByteBuffer bytes() {
      return content.bytes();
    }

    @Override
    public int size() {
      return content.size();
    }

    @Override
    public boolean last() {
      return content.last();
    }

    @Override
    public void retain() {
      content.retain();
    }

    @Override
    public void release() {
      content.release();
    }
  }

  /** The same content with another answer to whether it is the last. */
  private record Marked(Content content, boolean last) implements Content {
    @Override
    public ByteBuffer buffer() {
      return content.buffer();
    }

    @Override
    public ByteBuffer bytes() {
      return content.bytes();
    }

    @Override
    public int size() {
      return content.size();
    }

    @Override
    public void retain() {
      content.retain();
    }

    @Override
    public void release() {
      content.release();
    }
  }
}
