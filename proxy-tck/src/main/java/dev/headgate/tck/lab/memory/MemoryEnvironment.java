package dev.headgate.tck.lab.memory;

import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.Driver;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.memory.MemoryBackend;
import dev.headgate.tck.memory.MemoryEngine;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The in-memory backend as an environment. Immutable: the methods that vary it return another one.
 */
public final class MemoryEnvironment implements TckEnvironment {
  private final String name;
  private final MemoryBackend memory;
  private final UnaryOperator<Backend> around;
  private final UnaryOperator<ProxyPlugin> adapter;

  /** Makes the usual one. */
  public MemoryEnvironment() {
    this("memory", new MemoryBackend(), UnaryOperator.identity(), UnaryOperator.identity());
  }

  private MemoryEnvironment(
      String name,
      MemoryBackend memory,
      UnaryOperator<Backend> around,
      UnaryOperator<ProxyPlugin> adapter) {
    this.name = name;
    this.memory = memory;
    this.around = around;
    this.adapter = adapter;
  }

  /**
   * Varies it: callbacks come inside calls, see {@link MemoryBackend#withInlineCallbacks()}.
   *
   * @return the variant
   */
  public MemoryEnvironment inline() {
    return new MemoryEnvironment("memory, inline", memory.withInlineCallbacks(), around, adapter);
  }

  /**
   * Varies it: puts something between core and backend, such as a breach of the SPI.
   *
   * @param breach given the in-memory backend, returns one that uses it
   * @return the variant
   */
  public MemoryEnvironment around(UnaryOperator<Backend> breach) {
    return new MemoryEnvironment(name, memory, breach, adapter);
  }

  /**
   * Varies it: puts something between core and plugins, such as a chain that errs.
   *
   * @param breach given a rule's plugin, returns one that uses it
   * @return the variant
   */
  public MemoryEnvironment adapting(UnaryOperator<ProxyPlugin> breach) {
    return new MemoryEnvironment(name, memory, around, breach);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Capability> capabilities() {
    return around.apply(memory).capabilities();
  }

  /** A window on each side, and the chunks in the core's hands. */
  @Override
  public long stallBytes() {
    return 2L * MemoryEngine.WINDOW_BYTES + 4L * MemoryEngine.MAX_CONTENT_BYTES;
  }

  @Override
  public Driver open(String engineName, EventLog log) {
    return new MemoryDriver(
        engineName, log, observer -> around.apply(memory.withObserver(observer)));
  }

  @Override
  public ProxyPlugin adapt(ProxyPlugin plugin) {
    return adapter.apply(plugin);
  }
}
