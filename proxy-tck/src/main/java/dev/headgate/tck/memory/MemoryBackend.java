package dev.headgate.tck.memory;

import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.EngineOptions;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The backend without sockets. Not found by {@link java.util.ServiceLoader}: tests choose it.
 *
 * <p>Immutable and thread-safe: the methods that vary it return another one.
 */
public final class MemoryBackend implements Backend {
  private static final Set<Capability> CAPABILITIES =
      Set.of(
          Capability.TRAILERS,
          Capability.INTERIM_RESPONSES,
          Capability.EXPECT_CONTINUE,
          Capability.FORWARD,
          Capability.VIRTUAL_TIME);

  private final boolean inlineCallbacks;
  private final boolean blockingOnDispatcher;
  private final Consumer<MemoryEngine> onStart;

  /**
   * Makes the usual one: callbacks come on the dispatcher, blocking work has threads of its own.
   */
  public MemoryBackend() {
    this(false, false, engine -> {});
  }

  private MemoryBackend(
      boolean inlineCallbacks, boolean blockingOnDispatcher, Consumer<MemoryEngine> onStart) {
    this.inlineCallbacks = inlineCallbacks;
    this.blockingOnDispatcher = blockingOnDispatcher;
    this.onStart = onStart;
  }

  /**
   * Varies it: what is through at once is told inside the call (completions and demands on the
   * caller's thread, a request's first steps when sent by the dispatcher). The SPI allows both, so
   * a core must pass with both.
   *
   * @return the variant
   */
  public MemoryBackend withInlineCallbacks() {
    return new MemoryBackend(true, blockingOnDispatcher, onStart);
  }

  /**
   * Varies it: blocking work is done on the dispatcher, in order with all else. For tests that want
   * one order and whose blocking work waits for nothing.
   *
   * @return the variant
   */
  public MemoryBackend withBlockingOnDispatcher() {
    return new MemoryBackend(inlineCallbacks, true, onStart);
  }

  /**
   * Varies it: tells of engines that others start.
   *
   * @param observer given each engine before {@link #start} returns
   * @return the variant
   */
  public MemoryBackend withObserver(Consumer<MemoryEngine> observer) {
    return new MemoryBackend(inlineCallbacks, blockingOnDispatcher, observer);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public MemoryEngine start(EngineOptions options) {
    MemoryEngine engine = new MemoryEngine(options, inlineCallbacks, blockingOnDispatcher);
    engine.begin();
    onStart.accept(engine);
    return engine;
  }

  /**
   * Starts an engine with the default options.
   *
   * @return the engine; the caller closes it
   */
  public MemoryEngine start() {
    return start(EngineOptions.defaults());
  }
}
