package dev.headgate.core.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A body from a script. Its contents overwrite their bytes on their last release, so that late use
 * shows; {@link #assertAllReleased} finds leaks. A gap makes one read return null; a demand then is
 * answered at once, if anything follows, else by the next {@link #add}.
 */
public final class ScriptedSource implements BodySource {
  private static final Object GAP = new Object();

  private final Deque<Object> script = new ArrayDeque<>();
  private final List<AtomicInteger> references = new ArrayList<>();
  private @Nullable Runnable ready;
  private @Nullable Throwable failure;
  private boolean ended;
  private int given;
  @Nullable HeaderList trailers;

  /** Cuts bytes at random, with gaps and empty contents between, in buffers of all kinds. */
  public static ScriptedSource cut(byte[] bytes, Random random, int most) {
    ScriptedSource source = new ScriptedSource();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
      source.add(bytes, from, to, false, random.nextInt(4));
      from = to;
      switch (random.nextInt(4)) {
        case 0 -> source.gap();
        case 1 -> source.add(bytes, 0, 0, false, 0);
        default -> {}
      }
    }
    return source.end();
  }

  public static ScriptedSource of(byte[] bytes) {
    ScriptedSource source = new ScriptedSource();
    source.add(bytes, 0, bytes.length, true, 0);
    return source;
  }

  ScriptedSource gap() {
    script.add(GAP);
    return this;
  }

  ScriptedSource end() {
    add(new byte[0], 0, 0, true, 0);
    return this;
  }

  ScriptedSource fail(Throwable reason) {
    script.add(HeapContent.failed(reason));
    wake();
    return this;
  }

  ScriptedSource add(byte[] bytes) {
    add(bytes, 0, bytes.length, false, 0);
    return this;
  }

  void add(byte[] bytes, int from, int to, boolean last, int kind) {
    int offset = kind * 3; // so that positions matter
    ByteBuffer buffer =
        kind % 2 == 0
            ? ByteBuffer.allocate(offset + to - from + kind)
            : ByteBuffer.allocateDirect(offset + to - from + kind);
    buffer.position(offset).put(bytes, from, to - from).flip().position(offset);
    AtomicInteger count = new AtomicInteger(1);
    references.add(count);
    script.add(new Counting(buffer, kind >= 2, last, count));
    wake();
  }

  void wake() {
    Runnable waiting = ready;
    ready = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  @Override
  public synchronized @Nullable Content read() {
    if (failure != null) {
      return HeapContent.failed(failure);
    }
    if (ended) {
      return HeapContent.end();
    }
    Object next = script.poll();
    if (next == null || next == GAP) {
      return null;
    }
    Content content = (Content) next;
    given++;
    failure = content.failure();
    ended = content.last();
    return content;
  }

  @Override
  public void demand(Runnable callback) {
    assertNull(ready, "a demand is pending");
    boolean now;
    synchronized (this) {
      now = failure != null || ended || !script.isEmpty();
      if (!now) {
        ready = callback;
      }
    }
    if (now) {
      callback.run();
    }
  }

  @Override
  public void abort(Throwable reason) {
    synchronized (this) {
      if (ended || failure != null) {
        return;
      }
      failure = reason;
      for (Object step : script) {
        if (step instanceof Content content) {
          content.release();
        }
      }
      script.clear();
    }
    wake();
  }

  @Override
  public long length() {
    return 42;
  }

  @Override
  public @Nullable HeaderList trailers() {
    return ended && failure == null ? trailers : null;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Returns how many contents were read. */
  int given() {
    return given;
  }

  void assertAllReleased() {
    for (AtomicInteger count : references) {
      assertEquals(0, count.get(), "references of a content");
    }
  }

  private static final class Counting implements Content {
    private final ByteBuffer buffer;
    private final ByteBuffer view;
    private final boolean last;
    private final AtomicInteger count;
    private final int size;

    Counting(ByteBuffer buffer, boolean readOnly, boolean last, AtomicInteger count) {
      this.buffer = buffer;
      this.view = readOnly ? buffer.asReadOnlyBuffer() : buffer.duplicate();
      this.last = last;
      this.count = count;
      this.size = buffer.remaining();
    }

    @Override
    public ByteBuffer buffer() {
      return view;
    }

    @Override
    public ByteBuffer bytes() {
      return buffer.asReadOnlyBuffer();
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean last() {
      return last;
    }

    @Override
    public void retain() {
      count.incrementAndGet();
    }

    @Override
    public void release() {
      int left = count.decrementAndGet();
      if (left < 0) {
        throw new IllegalStateException("released more often than retained");
      }
      if (left == 0) {
        for (int i = 0; i < buffer.limit(); i++) {
          buffer.put(i, (byte) 0xEE);
        }
      }
    }
  }
}
