package dev.headgate.core.body;

import dev.headgate.api.Hook;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.PluginFault;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.ProxyErrorException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way through the chunk hooks of one direction. Reads its source only when it is read
 * itself, and holds nothing but what one chunk became in the hooks.
 *
 * <p>One reader at a time, as {@link BodySource} says; {@link #abort} comes from any thread, so
 * what it shares with the reader is guarded by this object's monitor.
 */
public final class ChunkPipe implements BodyPipe {
  /** Content that has passed the links before a stage. */
  private record Pending(Content content, int stage) {}

  private final BodySource source;
  private final Link[] links;
  private final Hook hook;
  private final CallContext context;
  private final PipeHost host;
  private final long maxBytes;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>(0);
  private final CallSink sink = new CallSink();
  private BorrowedChunk chunk = new BorrowedChunk();

  /** Bits of the links that failed in this body, and of those that took a chunk of it. */
  private long bypassed;

  private long taken;
  private volatile long bytes;
  private volatile boolean ended;

  // Guarded by this.
  private boolean reading;
  private boolean calling;
  private @Nullable Throwable failure;
  private @Nullable Throwable brokenBy;
  private @Nullable Runnable waiting;

  /**
   * Makes a pipe.
   *
   * @param source where the body comes from
   * @param links the plugins that override the hook, in calling order
   * @param hook {@code REQUEST_CHUNK} or {@code RESPONSE_CHUNK}
   * @param context what the hooks are given
   * @param host the exchange
   * @param maxBytes most bytes to read; −1 for no limit
   */
  public ChunkPipe(
      BodySource source,
      Link[] links,
      Hook hook,
      CallContext context,
      PipeHost host,
      long maxBytes) {
    this.source = source;
    this.links = links;
    this.hook = hook;
    this.context = context;
    this.host = host;
    this.maxBytes = maxBytes;
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public boolean finished() {
    return ended;
  }

  @Override
  public @Nullable Content read() {
    Throwable broke = null;
    Content result = null;
    synchronized (this) {
      if (calling && failure == null) return null;
      if (failure != null) {
        result = HeapContent.failed(failure);
        broke = brokenBy;
        brokenBy = null;
      } else {
        reading = true;
      }
    }
    if (result != null) {
      // A call on the blocking executor failed the body, or it was aborted.
      if (broke != null) host.broken(broke);
      return result;
    }
    boolean entered = host.enter();
    try {
      if (entered) {
        result = next();
      } else {
        abort(new IllegalStateException("the exchange is over"));
      }
    } finally {
      if (entered) host.exit();
      synchronized (this) {
        reading = false;
        broke = brokenBy;
        brokenBy = null;
        if (failure != null) {
          dropPending();
          if (result != null && result.failure() == null) result.release();
          result = HeapContent.failed(failure);
        }
      }
    }
    if (broke != null) host.broken(broke);
    return result;
  }

  private @Nullable Content next() {
    if (ended) return HeapContent.end();
    while (true) {
      Pending held = pending.poll();
      Content content;
      int stage;
      if (held != null) {
        content = held.content();
        stage = held.stage();
      } else {
        content = source.read();
        if (content == null) return null;
        Throwable broken = content.failure();
        if (broken != null) {
          content.release();
          fail(broken);
          return null;
        }
        host.gotInput();
        long total = bytes + content.size();
        bytes = total;
        if (maxBytes >= 0 && total > maxBytes) {
          content.release();
          fail(BodyLimit.exceeded(maxBytes));
          return null;
        }
        stage = 0;
      }
      Content out = advance(content, stage);
      if (out != null) {
        ended = out.last();
        return out;
      }
      synchronized (this) {
        if (calling || failure != null) return null;
      }
    }
  }

  /**
   * Takes a content from a stage to the end. Null when a hook kept it, waits, or failed the body.
   */
  private @Nullable Content advance(Content content, int from) {
    Content current = content;
    for (int stage = from; stage < links.length; stage++) {
      Link link = links[stage];
      if ((bypassed & link.bit) != 0 || host.skips(link)) continue;
      if (link.blocking) {
        callBlocking(current, stage);
        return null;
      }
      Throwable fault = call(link, current, chunk, context, sink);
      if (chunk.takeBack()) chunk = new BorrowedChunk();
      Content next = settle(link, current, stage, context, sink, fault);
      if (next == null) return null;
      current = next;
    }
    return current;
  }

  private @Nullable Throwable call(
      Link link, Content content, BorrowedChunk lent, CallContext ctx, CallSink out) {
    ctx.begin(CallContext.Writes.NOTHING);
    lent.lend(content);
    out.open(content, effect(link));
    try {
      if (hook == Hook.REQUEST_CHUNK) {
        link.interceptor.onRequestChunk(ctx, lent, out);
      } else {
        link.interceptor.onResponseChunk(ctx, lent, out);
      }
      return null;
    } catch (Throwable t) {
      return t;
    } finally {
      out.close();
      ctx.seal();
    }
  }

  private BodyEffect effect(Link link) {
    return hook == Hook.REQUEST_CHUNK ? link.metadata.requestBody() : link.metadata.responseBody();
  }

  /** Makes a call's result effective and returns what goes to the next stage at once. */
  private @Nullable Content settle(
      Link link,
      Content content,
      int stage,
      CallContext ctx,
      CallSink out,
      @Nullable Throwable thrown) {
    BodyEffect effect = effect(link);
    Throwable fault = thrown;
    if (fault == null && effect == BodyEffect.KEEPS_LENGTH && out.bytes() != content.size()) {
      fault =
          new IllegalStateException(
              "a plugin whose metadata says KEEPS_LENGTH put "
                  + out.bytes()
                  + " bytes in place of "
                  + content.size());
    }
    if (fault != null) {
      ctx.rollback();
      out.drop();
      return faulted(link, content, effect, fault);
    }
    ctx.commit();
    taken |= link.bit;
    if (effect == BodyEffect.OBSERVES) return content;
    if (out.only(content)) {
      out.drop(); // its extra reference: the content itself goes on
      return content;
    }
    List<Content> outputs = out.take(content.last());
    content.release();
    for (int i = outputs.size() - 1; i > 0; i--)
      pending.push(new Pending(outputs.get(i), stage + 1));
    return outputs.isEmpty() ? null : outputs.get(0);
  }

  private @Nullable Content faulted(
      Link link, Content content, BodyEffect effect, Throwable fault) {
    boolean mixed = effect == BodyEffect.CHANGES_LENGTH && (taken & link.bit) != 0;
    if (!link.failClosed && !mixed) {
      bypassed |= link.bit;
      host.fault(link, hook, fault, "failed open: the rest of this body passes it by");
      return content;
    }
    content.release();
    host.fault(
        link,
        hook,
        fault,
        link.failClosed ? "failed closed" : "failed amid a body that it changes: body aborted");
    fail(
        new ProxyErrorException(
            new PluginFault(
                ErrorCode.PLUGIN_FAILED,
                hook == Hook.REQUEST_CHUNK ? Phase.SEND_REQUEST : Phase.SEND_RESPONSE,
                "Plugin " + link.id() + " failed in " + hook.methodName() + ".",
                link.id(),
                hook.methodName(),
                fault)));
    return null;
  }

  private void callBlocking(Content content, int stage) {
    Link link = links[stage];
    CallContext detached = context.detached(CallContext.Writes.NOTHING);
    CallSink own = new CallSink();
    BorrowedChunk lent = new BorrowedChunk();
    synchronized (this) {
      calling = true;
    }
    boolean made =
        host.<Boolean>runBlocking(
            link,
            () -> {
              Throwable thrown = call(link, content, lent, detached, own);
              if (thrown instanceof Exception e) throw e;
              if (thrown instanceof Error e) throw e;
              return true;
            },
            (ok, thrown) -> {
              lent.takeBack();
              called(link, content, stage, detached, own, thrown);
            });
    if (made) return;
    content.release();
    synchronized (this) {
      calling = false;
    }
    abort(new IllegalStateException("the exchange is over"));
  }

  private void called(
      Link link,
      Content content,
      int stage,
      CallContext detached,
      CallSink own,
      @Nullable Throwable thrown) {
    Content next = settle(link, content, stage, detached, own, thrown);
    if (next != null) pending.push(new Pending(next, stage + 1));
    Runnable ready;
    synchronized (this) {
      calling = false;
      if (failure != null) dropPending();
      ready = waiting;
      waiting = null;
    }
    if (ready != null) demand(ready);
  }

  @Override
  public void demand(Runnable ready) {
    boolean now;
    synchronized (this) {
      if (calling) {
        if (waiting != null) throw new IllegalStateException("a demand is pending");
        waiting = ready;
        return;
      }
      now = failure != null || !pending.isEmpty() || ended;
    }
    if (now) {
      ready.run();
    } else {
      host.awaitingInput();
      source.demand(ready);
    }
  }

  @Override
  public void abort(Throwable reason) {
    Runnable ready;
    synchronized (this) {
      if (failure != null || ended) return;
      failure = reason;
      if (!reading && !calling) dropPending();
      ready = waiting;
      waiting = null;
    }
    source.abort(reason);
    if (ready != null) ready.run();
  }

  private void fail(Throwable reason) {
    synchronized (this) {
      if (failure == null) {
        failure = reason;
        brokenBy = reason;
      }
    }
    source.abort(reason);
  }

  private void dropPending() {
    for (Pending held = pending.poll(); held != null; held = pending.poll())
      held.content().release();
  }

  @Override
  public long length() {
    for (Link link : links) {
      if (effect(link) == BodyEffect.CHANGES_LENGTH && !host.skips(link)) return -1;
    }
    return source.length();
  }

  @Override
  public @Nullable HeaderList trailers() {
    return host.trailers(source.trailers());
  }
}
