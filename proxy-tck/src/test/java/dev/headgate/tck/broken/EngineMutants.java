package dev.headgate.tck.broken;

import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends whose listeners, timers and threads misbehave. */
final class EngineMutants {
  private static final int NOBODYS_PORT = 9;

  private EngineMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        engine("starts without binding a port", "L-01", "refused a connection", Unbound::new),
        Mutant.backend(
            "keeps listeners open",
            "L-03",
            "listeners open",
            Breaches.listener(EngineMutants::unclosed)),
        Mutant.backend(
            "goes on after its stop",
            "L-07",
            "a stopped proxy takes connections",
            Breaches.listener(Unstopped::new)),
        engine("closes all listeners with one", "L-17", "broke", Uniting::new),
        engine("ignores that a timer is cancelled", "S-15", "timers pending", Relentless::new),
        engine("leaks timers", "S-01", "timers pending", Ticking::new),
        engine("never runs timers", "E-05", Mutant.IN_VAIN, Timeless::new).hanging(),
        engine("blocks its own thread", "P-67", "dispatcher", Inline::new).hanging(),
        engine("has a clock that stands still", "P-63", "Timings", Still::new));
  }

  private static Mutant engine(
      String what, String rule, String telling, UnaryOperator<Engine> around) {
    return Mutant.backend(what, rule, telling, Breaches.engine(around));
  }

  private static Listener unclosed(Listener listener) {
    return new ForwardingListener(listener) {
      @Override
      public void close() {}
    };
  }

  private static final class Unstopped extends ForwardingListener {
    Unstopped(Listener listener) {
      super(listener);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}
  }

  private static final class Uniting extends ForwardingEngine {
    private final List<Listener> all = new CopyOnWriteArrayList<>();

    Uniting(Engine engine) {
      super(engine);
    }

    @Override
    public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
      Listener listener = super.listen(options, handler);
      all.add(listener);
      return new ForwardingListener(listener) {
        @Override
        public void close() {
          all.forEach(Listener::close);
        }
      };
    }
  }

  private static final class Unbound extends ForwardingEngine {
    private int ports = NOBODYS_PORT;

    Unbound(Engine engine) {
      super(engine);
    }

    @Override
    public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
      InetSocketAddress told = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports++);
      return new ForwardingListener(super.listen(options, handler)) {
        @Override
        public InetSocketAddress address() {
          return told;
        }
      };
    }
  }

  private static final class Relentless extends ForwardingEngine {
    Relentless(Engine engine) {
      super(engine);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      super.schedule(delayNanos, task);
      return () -> {};
    }
  }

  private static final class Ticking extends ForwardingEngine {
    Ticking(Engine engine) {
      super(engine);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      super.schedule(TimeUnit.DAYS.toNanos(1), () -> {});
      return super.schedule(delayNanos, task);
    }
  }

  static final class Timeless extends ForwardingEngine {
    Timeless(Engine engine) {
      super(engine);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return delayNanos > 0 ? () -> {} : super.schedule(delayNanos, task);
    }
  }

  /** Runs the first blocking task on the thread that asks for it. */
  private static final class Inline extends ForwardingEngine {
    private final AtomicBoolean used = new AtomicBoolean();

    Inline(Engine engine) {
      super(engine);
    }

    @Override
    public Executor blockingExecutor() {
      return task -> {
        if (used.getAndSet(true)) {
          super.blockingExecutor().execute(task);
        } else {
          task.run();
        }
      };
    }
  }

  private static final class Still extends ForwardingEngine {
    private final long start = super.nanoTime();

    Still(Engine engine) {
      super(engine);
    }

    @Override
    public long nanoTime() {
      return start;
    }
  }
}
