package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends whose listener writes responses wrongly. */
final class ResponseMutants {
  private ResponseMutants() {}

  static Stream<Mutant> all() {
    AtomicReference<Shared> shared = new AtomicReference<>();
    return Stream.of(
        mutant("never releases what it wrote", "S-01", "contents not released", Leaking::new),
        mutant("holds the head until the first byte", "S-03", Mutant.IN_VAIN, Holding::new)
            .hanging(),
        mutant("holds each chunk until the next", "S-01", Mutant.IN_VAIN, Lagging::new).hanging(),
        mutant("reorders chunks", "S-18", "differs from what was sent", Swapping::new),
        mutant("writes each chunk twice", "S-18", "differs from what was sent", Doubling::new),
        mutant("takes all that is written at once", "S-04", "bytes unread, over", Greedy::new),
        mutant("drops trailers", "S-19", "there are no trailers", NoTrailers::new),
        mutant("merges trailers into the head", "S-19", "but was: <3>", Merging::new),
        mutant(
            "mixes the bodies of exchanges",
            "S-23",
            "but was: <client",
            e -> new Mixing(e, shared)),
        mutant("tells a completion twice", "S-18", "client#1.", Repeating::new).hanging());
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static byte[] bytes(Content content) {
    byte[] bytes = new byte[content.buffer().remaining()];
    content.buffer().duplicate().get(bytes);
    return bytes;
  }

  private static Content copy(Content content) {
    return HeapContent.of(ByteBuffer.wrap(bytes(content)), content.last());
  }

  private static final class Leaking extends ForwardingInbound {
    Leaking(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      super.write(copy(content), last, trailers, done);
    }
  }

  private static final class Holding extends ForwardingInbound {
    private @Nullable HeaderList held;
    private int heldStatus;

    Holding(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if (first != null || last) {
        super.respond(status, headers, first, last, done);
        return;
      }
      held = headers;
      heldStatus = status;
      done.succeeded();
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      HeaderList headers = held;
      held = null;
      if (headers == null) {
        super.write(content, last, trailers, done);
      } else {
        super.respond(heldStatus, headers, content, last, done);
      }
    }
  }

  private static final class Lagging extends ForwardingInbound {
    private @Nullable Content held;

    Lagging(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      Content before = held;
      held = last ? null : content;
      Completion end =
          last ? new Then(done, () -> super.write(content, true, trailers, done)) : done;
      if (before != null) {
        super.write(before, false, null, end);
      } else if (last) {
        super.write(content, true, trailers, done);
      } else {
        done.succeeded();
      }
    }

    @Override
    public void abort(Throwable reason) {
      Content before = held;
      held = null;
      if (before != null) before.release();
      super.abort(reason);
    }
  }

  private static final class Swapping extends ForwardingInbound {
    private @Nullable Content held;

    Swapping(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      Content before = held;
      if (before == null && !last) {
        held = content;
        done.succeeded();
        return;
      }
      held = null;
      if (before == null) {
        super.write(content, last, trailers, done);
      } else if (last) {
        Runnable then = () -> super.write(content, true, trailers, done);
        super.write(before, false, null, new Then(done, then));
      } else {
        Runnable then = () -> super.write(before, false, null, done);
        super.write(content, false, null, new Then(done, then));
      }
    }
  }

  private static final class Doubling extends ForwardingInbound {
    Doubling(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      Content again = HeapContent.of(ByteBuffer.wrap(bytes(content)), false);
      super.write(
          again, false, null, new Then(done, () -> super.write(content, last, trailers, done)));
    }
  }

  /** Says that it wrote what it keeps. */
  static final class Greedy extends ForwardingInbound {
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private boolean writing;

    Greedy(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      add(
          () ->
              super.respond(status, headers, first, last, new Then(Quiet.COMPLETION, this::next)));
      done.succeeded();
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      Content copy = copy(content);
      content.release();
      add(() -> super.write(copy, last, trailers, new Then(Quiet.COMPLETION, this::next)));
      done.succeeded();
    }

    private void add(Runnable write) {
      synchronized (queue) {
        queue.add(write);
        if (writing) return;
        writing = true;
      }
      next();
    }

    private void next() {
      Runnable write;
      synchronized (queue) {
        write = queue.poll();
        if (write == null) writing = false;
      }
      if (write != null) write.run();
    }
  }

  static final class NoTrailers extends ForwardingInbound {
    NoTrailers(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      super.write(content, last, null, done);
    }
  }

  /** Keeps the response until its trailers are known. */
  private static final class Merging extends ForwardingInbound {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private HeaderList head = new HeaderList();
    private int headStatus;

    Merging(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if (last) {
        super.respond(status, headers, first, true, done);
        return;
      }
      head = headers;
      headStatus = status;
      if (first != null) take(first);
      done.succeeded();
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      take(content);
      if (!last) {
        done.succeeded();
        return;
      }
      if (trailers != null) trailers.forEach(head::append);
      Content all = HeapContent.of(ByteBuffer.wrap(body.toByteArray()), true);
      super.respond(headStatus, head, all, true, done);
    }

    private void take(Content content) {
      body.writeBytes(bytes(content));
      content.release();
    }
  }

  /** What was written last, by whichever exchange. */
  private record Shared(InboundExchange by, ByteBuffer bytes) {}

  private static final class Mixing extends ForwardingInbound {
    private final AtomicReference<Shared> shared;

    Mixing(InboundExchange exchange, AtomicReference<Shared> shared) {
      super(exchange);
      this.shared = shared;
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      byte[] mine = bytes(content);
      Shared before =
          mine.length == 0 ? null : shared.getAndSet(new Shared(this, ByteBuffer.wrap(mine)));
      if (before == null || before.by() == this || before.bytes().remaining() != mine.length) {
        super.write(content, last, trailers, done);
        return;
      }
      content.release();
      super.write(HeapContent.of(before.bytes().duplicate(), last), last, trailers, done);
    }
  }

  /**
   * Makes the core write too early, which shows in one way or another in the body of many chunks.
   */
  private static final class Repeating extends ForwardingInbound {
    Repeating(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      super.write(
          content,
          last,
          trailers,
          new Then(
              done,
              () -> {
                done.succeeded();
                done.succeeded();
              }));
    }
  }
}
