package dev.headgate.tck.broken;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A body that is read as fast as it comes, whether anybody wants it or not. */
public final class ReadAhead extends ForwardingBody {
  private final Queue<Content> contents = new ArrayDeque<>();
  private @Nullable Runnable wanted;
  private @Nullable Content end;

  /**
   * Wraps it.
   *
   * @param body the body within
   */
  public ReadAhead(BodySource body) {
    super(body);
    super.demand(this::readAll);
  }

  private void readAll() {
    while (true) {
      Content next = super.read();
      if (next == null) break;
      Runnable ready;
      synchronized (this) {
        contents.add(next);
        ready = wanted;
        wanted = null;
      }
      if (ready != null) ready.run();
      if (next.last()) return;
    }
    super.demand(this::readAll);
  }

  @Override
  public synchronized @Nullable Content read() {
    if (end != null) return end;
    Content next = contents.poll();
    if (next != null && next.last()) end = next.failure() == null ? HeapContent.end() : next;
    return next;
  }

  @Override
  public void demand(Runnable ready) {
    synchronized (this) {
      if (end == null && contents.isEmpty()) {
        wanted = ready;
        return;
      }
    }
    ready.run();
  }

  @Override
  public void abort(Throwable reason) {
    Runnable ready;
    synchronized (this) {
      if (end != null) return;
      end = HeapContent.failed(reason);
      contents.forEach(Content::release);
      contents.clear();
      ready = wanted;
      wanted = null;
    }
    super.abort(reason);
    if (ready != null) ready.run();
  }
}
