package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.core.spi.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends and chains that start, change or stop proxies and their plugins wrongly. */
final class LifeMutants {
  private LifeMutants() {}

  static Stream<Mutant> all() {
    List<Joining> made = new CopyOnWriteArrayList<>();
    AtomicBoolean taken = new AtomicBoolean();
    return Stream.of(
        Mutant.chain(
            "sets plugins up before the settings are checked",
            "L-04",
            "unused.onInstall",
            Hasty::new),
        metadata(
            "knows nothing of dependencies",
            "L-05",
            "ConfigurationException to be thrown, but nothing was thrown",
            Variants::withoutDependencies),
        interceptor(
            "leaves plugins running after a failed start",
            "L-06",
            "<1> but was: <0>",
            ChainMutants.Unstopped::new),
        Mutant.chain(
            "leaves plugins enabled after a failed start",
            "L-06",
            "a ==> expected: <1> but was: <0>",
            Enabled::new),
        Mutant.backend(
            "closes no listener that was never started",
            "L-06",
            "listeners open",
            Breaches.listener(Unstarted::new)),
        interceptor(
            "takes a broken-off exchange for a good one",
            "L-08",
            "<2> but",
            HookMutants.Cheerful::new),
        Mutant.backend(
                "gives grace without end",
                "L-08",
                Mutant.IN_VAIN,
                Breaches.engine(EngineMutants.Timeless::new))
            .hanging(),
        Mutant.chain(
            "tells ends after the stop",
            "L-09",
            "quick ==> expected: <true>",
            plugin ->
                plugin.metadata().id().equals("quick")
                    ? Breaches.interceptor(Late::new).apply(plugin)
                    : plugin),
        metadata(
                "waits for a plugin's stop however long it takes",
                "L-10",
                Mutant.IN_VAIN,
                metadata -> Variants.withStopDeadline(metadata, Duration.ofHours(1)))
            .hanging(),
        interceptor("stops plugins twice", "L-11", "onProxyStop ==> expected: <1> but", Twice::new),
        interceptor(
            "lets a new plugin into what is under way",
            "L-12",
            "onProxyStart, onResponseHeaders]",
            one -> new Joining(one, made)),
        interceptor(
            "passes a plugin by in its first exchange",
            "L-12",
            "<[new, a, off]> but was: <[a]>",
            Shy::new),
        interceptor(
            "stops a disabled plugin twice", "L-13", "onProxyStop, onProxyStop,", Twice::new),
        metadata(
            "lets a plugin go that is needed",
            "L-14",
            "PluginException to be thrown, but nothing was thrown",
            Variants::withoutDependencies),
        Mutant.chain(
            "gives an id that is taken another number",
            "L-15",
            "nothing was thrown",
            plugin ->
                taken.getAndSet(true)
                    ? Breaches.metadata(one -> Variants.withId(one, one.id() + "-2")).apply(plugin)
                    : plugin),
        Mutant.chain("runs at the stop what is scheduled", "L-16", "<0> but was: <1>", Eager::of),
        Mutant.chain(
            "takes work after the stop",
            "L-16",
            "IllegalStateException to be thrown, but nothing was thrown",
            Breaches.context(Accepting::new)),
        Mutant.backend(
            "ignores that work is cancelled",
            "L-16",
            "timers pending",
            Breaches.engine(EngineMutants.Relentless::new)),
        metadata("lists plugins in reverse", "L-18", "but was: <[moved", ChainMutants::reversed),
        interceptor(
            "lists hooks that a plugin does not have",
            "L-18",
            "<false> but was: <true>",
            ForwardingInterceptor::new),
        interceptor(
            "counts no faults",
            "L-18",
            "failing ==> expected: <1> but was: <0>",
            HookMutants.Swallowing::new));
  }

  private static Mutant metadata(
      String what, String rule, String telling, UnaryOperator<PluginMetadata> change) {
    return Mutant.chain(what, rule, telling, Breaches.metadata(change));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static final class Hasty extends ForwardingPlugin {
    Hasty(ProxyPlugin plugin) {
      super(plugin);
    }

    @Override
    public PluginMetadata metadata() {
      try {
        onInstall();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return super.metadata();
    }
  }

  private static final class Enabled extends ForwardingPlugin {
    Enabled(ProxyPlugin plugin) {
      super(plugin);
    }

    @Override
    public void onDisable() {}
  }

  private static final class Unstarted extends ForwardingListener {
    private volatile boolean started;

    Unstarted(Listener listener) {
      super(listener);
    }

    @Override
    public void start() {
      started = true;
      super.start();
    }

    @Override
    public void close() {
      if (started) super.close();
    }
  }

  /** Keeps ends until the stop. */
  private static final class Late extends ForwardingInterceptor {
    /** An end, which may fail. */
    private interface End {
      void tell() throws Exception;
    }

    private final Queue<End> ends = new ConcurrentLinkedQueue<>();

    Late(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
      ends.add(() -> super.onResponseComplete(ctx, summary));
    }

    @Override
    public void onProxyStop(ProxyInfo proxy) throws Exception {
      super.onProxyStop(proxy);
      for (End end : ends) end.tell();
    }
  }

  private static final class Twice extends ForwardingInterceptor {
    Twice(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onProxyStop(ProxyInfo proxy) throws Exception {
      super.onProxyStop(proxy);
      super.onProxyStop(proxy);
    }
  }

  /** Shows responses to all that there are by then. */
  private static final class Joining extends ForwardingInterceptor {
    private final List<Joining> made;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Joining(Interceptor interceptor, List<Joining> made) {
      super(interceptor);
      this.made = made;
      made.add(this);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      seen.add(ctx.requestId());
      return super.onRequest(ctx);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      for (Joining other : made) {
        if (other.seen.add(ctx.requestId())) other.join(ctx);
      }
      return super.onResponseHeaders(ctx);
    }

    private void join(ProxyContext ctx) throws Exception {
      ResponseDecision unused = super.onResponseHeaders(ctx);
    }
  }

  private static final class Shy extends ForwardingInterceptor {
    private final AtomicBoolean asked = new AtomicBoolean();

    Shy(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      return asked.getAndSet(true) ? super.onRequest(ctx) : RequestDecision.proceed();
    }
  }

  /** A scheduler whose work is done at the stop, if not before. */
  private static final class Eager implements PluginScheduler {
    private final PluginScheduler scheduler;
    private final Queue<Runnable> left = new ConcurrentLinkedQueue<>();

    private Eager(PluginScheduler scheduler) {
      this.scheduler = scheduler;
    }

    static ProxyPlugin of(ProxyPlugin plugin) {
      return new ForwardingPlugin(plugin) {
        @Override
        public Interceptor createInterceptor(PluginContext context) throws Exception {
          Eager eager = new Eager(context.scheduler());
          PluginContext given =
              new ForwardingPluginContext(context) {
                @Override
                public PluginScheduler scheduler() {
                  return eager;
                }
              };
          return new ForwardingInterceptor(super.createInterceptor(given)) {
            @Override
            public void onProxyStop(ProxyInfo proxy) throws Exception {
              super.onProxyStop(proxy);
              eager.left.forEach(Runnable::run);
            }
          };
        }
      };
    }

    @Override
    public Cancellation schedule(Duration delay, Runnable task) {
      left.add(task);
      return scheduler.schedule(
          delay,
          () -> {
            left.remove(task);
            task.run();
          });
    }

    @Override
    public Cancellation scheduleRepeatedly(Duration delay, Runnable task) {
      return scheduler.scheduleRepeatedly(delay, task);
    }
  }

  private static final class Accepting extends ForwardingPluginContext {
    Accepting(PluginContext context) {
      super(context);
    }

    @Override
    public PluginScheduler scheduler() {
      PluginScheduler scheduler = super.scheduler();
      return new PluginScheduler() {
        @Override
        public Cancellation schedule(Duration delay, Runnable task) {
          try {
            return scheduler.schedule(delay, task);
          } catch (IllegalStateException e) {
            return () -> {};
          }
        }

        @Override
        public Cancellation scheduleRepeatedly(Duration delay, Runnable task) {
          return scheduler.scheduleRepeatedly(delay, task);
        }
      };
    }
  }
}
