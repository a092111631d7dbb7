package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Chains that call chunk hooks wrongly, or take what they put wrongly. */
final class ChunkMutants {
  private ChunkMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        mutant("keeps what a failed chunk put", "P-38", "but was: <spoiltbody", Loose::new),
        mutant("calls chunk hooks inside each other", "P-60", "<1> but was: <2>", Nesting::new)
            .hanging(),
        mutant("tells the end before the last chunk", "P-62", "onResponseChunk", Early::new),
        mutant("lets a sink be used after its call", "P-72", "but was: <[emit in", Patient::new),
        mutant("lets a chunk be released at will", "P-74", "release again", Lenient::new),
        mutant("announces the last chunk twice", "S-20", "last", Stuttering::new),
        mutant("drops what is put for the last chunk", "P-84", "but was: <body>", Deaf::new));
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static final class Loose extends ForwardingInterceptor {
    Loose(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      try {
        super.onRequestChunk(ctx, chunk, out);
      } catch (Exception e) {
        // What it put stays.
      }
    }
  }

  private static final class Nesting extends ForwardingInterceptor {
    Nesting(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onRequestChunk(
          ctx,
          chunk,
          new ChunkSink() {
            @Override
            public void pass(BodyChunk same) {
              try {
                Nesting.super.onRequestChunk(ctx, same, out);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }

            @Override
            public void emit(ByteBuffer bytes) {
              out.emit(bytes);
            }
          });
    }
  }

  /** Keeps the last chunk of a response from the plugin until the end was told. */
  private static final class Early extends ForwardingInterceptor {
    private final Map<String, BodyChunk> last = new ConcurrentHashMap<>();

    Early(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      if (!chunk.last()) {
        super.onResponseChunk(ctx, chunk, out);
        return;
      }
      chunk.retain();
      last.put(ctx.requestId(), chunk);
      out.pass(chunk);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      super.onResponseComplete(ctx, summary);
      BodyChunk chunk = last.remove(ctx.requestId());
      if (chunk == null) return;
      super.onResponseChunk(ctx, chunk, new Nowhere());
      chunk.release();
    }
  }

  /** Takes what is put into it, and drops it. */
  private static final class Nowhere implements ChunkSink {
    @Override
    public void pass(BodyChunk chunk) {}

    @Override
    public void emit(ByteBuffer bytes) {}
  }

  /** Gives sinks that never close. */
  private static final class Patient extends ForwardingInterceptor {
    Patient(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onRequestChunk(ctx, chunk, new Open(out));
    }
  }

  private record Open(ChunkSink sink) implements ChunkSink {
    @Override
    public void pass(BodyChunk chunk) {
      ignoring(() -> sink.pass(chunk));
    }

    @Override
    public void emit(ByteBuffer bytes) {
      ignoring(() -> sink.emit(bytes));
    }

    private static void ignoring(Runnable use) {
      try {
        use.run();
      } catch (IllegalStateException e) {
        // As if it were in time.
      }
    }
  }

  /** Gives chunks that may be released and used at will. */
  private static final class Lenient extends ForwardingInterceptor {
    Lenient(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onResponseChunk(
          ctx, new Unguarded(chunk, chunk.bytes()), new ForwardingSink(out, chunk));
    }
  }

  private record Unguarded(BodyChunk chunk, ByteBuffer bytes) implements BodyChunk {
    @Override
    public int size() {
      return bytes.remaining();
    }

    @Override
    public boolean last() {
      return chunk.last();
    }

    @Override
    public void retain() {}

    @Override
    public void release() {}
  }

  /** Passes the chunk on that is behind the plugin's. */
  private record ForwardingSink(ChunkSink sink, BodyChunk chunk) implements ChunkSink {
    @Override
    public void pass(BodyChunk same) {
      sink.pass(chunk);
    }

    @Override
    public void emit(ByteBuffer bytes) {
      sink.emit(bytes);
    }
  }

  private static final class Stuttering extends ForwardingInterceptor {
    Stuttering(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onResponseChunk(ctx, chunk, out);
      if (chunk.last()) super.onResponseChunk(ctx, chunk, new Nowhere());
    }
  }

  /** Takes nothing more of a plugin than the last chunk itself. */
  private static final class Deaf extends ForwardingInterceptor {
    Deaf(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onRequestChunk(ctx, chunk, chunk.last() ? passing(out) : out);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onResponseChunk(ctx, chunk, chunk.last() ? passing(out) : out);
    }

    private static ChunkSink passing(ChunkSink out) {
      return new ChunkSink() {
        @Override
        public void pass(BodyChunk chunk) {
          out.pass(chunk);
        }

        @Override
        public void emit(ByteBuffer bytes) {}
      };
    }
  }
}
