package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends that hold bodies, keep them, or let them stand still. */
final class StreamMutants {
  private StreamMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        Mutant.backend(
                "collects a request's body before it passes it on",
                "S-02",
                Mutant.IN_VAIN,
                Breaches.requestBody(Collecting::new))
            .hanging(),
        // Where callbacks come inside calls, one that does not is one that had to wait.
        new Mutant(
            "forgets a write that had to wait",
            "S-06",
            Mutant.IN_VAIN,
            true,
            new MemoryEnvironment().inline().around(Breaches.inbound(Forgetful::new))),
        Mutant.backend(
                "reads no more of a request once it answers",
                "S-07",
                Mutant.IN_VAIN,
                Breaches.inbound(HalfDuplex::new))
            .hanging(),
        Mutant.backend(
            "keeps a request's body to send it again",
            "S-21",
            "bytes were kept of",
            Breaches.requestBody(Remembering::new)),
        Mutant.backend(
            "keeps a response's body to look at it later",
            "S-21",
            "bytes were kept of",
            Breaches.responseBody(Remembering::new)));
  }

  private static byte[] bytes(Content content) {
    byte[] bytes = new byte[content.size()];
    content.bytes().get(bytes);
    return bytes;
  }

  private static final class Collecting extends ForwardingBody {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private @Nullable Content end;

    Collecting(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      if (end != null) return end;
      while (true) {
        Content next = super.read();
        if (next == null) return null;
        if (next.failure() != null) return next;
        all.writeBytes(bytes(next));
        next.release();
        if (!next.last()) continue;
        end = HeapContent.end();
        return HeapContent.of(ByteBuffer.wrap(all.toByteArray()), true);
      }
    }
  }

  /** Tells of a write's end only where it came at once. */
  private static final class Forgetful extends ForwardingInbound {
    Forgetful(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      AtomicBoolean atOnce = new AtomicBoolean(true);
      Runnable tell =
          () -> {
            if (atOnce.get()) done.succeeded();
          };
      super.write(content, last, trailers, new Then(done, tell));
      atOnce.set(false);
    }
  }

  private static final class HalfDuplex extends ForwardingInbound {
    private final @Nullable BodySource body;
    private volatile boolean answering;

    HalfDuplex(InboundExchange exchange) {
      super(exchange);
      BodySource real = exchange.body();
      body =
          real == null
              ? null
              : new ForwardingBody(real) {
                @Override
                public @Nullable Content read() {
                  return answering ? null : super.read();
                }

                @Override
                public void demand(Runnable ready) {
                  if (!answering) super.demand(ready);
                }
              };
    }

    @Override
    public @Nullable BodySource body() {
      return body;
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      answering = true;
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Remembering extends ForwardingBody {
    private final List<byte[]> kept = new ArrayList<>();

    Remembering(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      Content next = super.read();
      if (next != null) kept.add(bytes(next));
      return next;
    }
  }
}
