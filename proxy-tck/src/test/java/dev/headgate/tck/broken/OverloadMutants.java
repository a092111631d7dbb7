package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.Listener;
import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends that do not keep time, or do not keep a queue. */
final class OverloadMutants {
  private static final int OVERLOADED = 503;

  private OverloadMutants() {}

  static Stream<Mutant> all() {
    return Stream.concat(
        Stream.of("E-06", "E-07", "E-08", "E-09", "E-19", "E-22", "E-25", "E-27")
            .map(OverloadMutants::timeless),
        others());
  }

  private static Stream<Mutant> others() {
    return Stream.of(
        Mutant.backend(
            "says that it sent what a slow client has not taken",
            "E-27",
            "the sender was never stalled",
            Breaches.inbound(ResponseMutants.Greedy::new)),
        Mutant.backend(
            "loses Retry-After",
            "E-20",
            "expected: <[7]> but was: <[]>",
            Breaches.inbound(Fields.lost("Retry-After"))),
        Mutant.backend(
            "gives up who waits for longest when another is refused",
            "E-21",
            "expected: </1> but was: </2>",
            backend -> {
              List<Unfair> all = new CopyOnWriteArrayList<>();
              return Breaches.inbound(exchange -> new Unfair(exchange, all)).apply(backend);
            }),
        Mutant.backend(
                "does not notice who leaves before the answer",
                "E-23",
                Mutant.IN_VAIN,
                Breaches.inbound(Unwatched::new))
            .hanging(),
        Mutant.backend(
            "closes all connections when it takes no more",
            "E-24",
            "the connection broke",
            Breaches.listener(OverloadMutants::hasty)));
  }

  private static Mutant timeless(String rule) {
    return Mutant.backend(
            "never runs timers", rule, Mutant.IN_VAIN, Breaches.engine(EngineMutants.Timeless::new))
        .hanging();
  }

  private static Listener hasty(Listener listener) {
    return new ForwardingListener(listener) {
      @Override
      public void stopAccepting() {
        super.stopAccepting();
        super.close();
      }
    };
  }

  /** Makes room by the second that came, as the first is being served. */
  private static final class Unfair extends ForwardingInbound {
    private final List<Unfair> all;
    private volatile @Nullable Consumer<Throwable> told;

    Unfair(InboundExchange exchange, List<Unfair> all) {
      super(exchange);
      this.all = all;
      all.add(this);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      told = gone;
      super.onClientGone(gone);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      super.respond(status, headers, first, last, done);
      if (status != OVERLOADED) return;
      Consumer<Throwable> victim = all.get(1).told;
      if (victim != null) victim.accept(new EOFException("it waited for longest"));
    }
  }

  private static final class Unwatched extends ForwardingInbound {
    private volatile boolean answering;

    Unwatched(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(
          reason -> {
            if (answering) gone.accept(reason);
          });
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      answering = true;
      super.respond(status, headers, first, last, done);
    }
  }
}
