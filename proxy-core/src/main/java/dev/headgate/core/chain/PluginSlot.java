package dev.headgate.core.chain;

import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin at work in one proxy: its interceptor, its health, and how many chains still hold it.
 * Thread-safe.
 */
public final class PluginSlot {
  private final PluginMetadata metadata;
  private final Interceptor interceptor;
  private final PluginHealth health;
  private final Logger logger;
  private final Set<Hook> hooks;
  private final Runnable released;
  private final AtomicInteger chains = new AtomicInteger();

  /**
   * Makes a slot.
   *
   * @param metadata the plugin's metadata, with the priorities in force here
   * @param interceptor its interceptor for this proxy
   * @param health its health in this proxy
   * @param released run once, when the last chain that held the slot has drained
   */
  public PluginSlot(
      PluginMetadata metadata, Interceptor interceptor, PluginHealth health, Runnable released) {
    this.metadata = Objects.requireNonNull(metadata, "metadata");
    this.interceptor = Objects.requireNonNull(interceptor, "interceptor");
    this.health = Objects.requireNonNull(health, "health");
    this.released = Objects.requireNonNull(released, "released");
    this.logger = LoggerFactory.getLogger("dev.headgate.plugin." + metadata.id());
    this.hooks = overridden(interceptor.getClass());
  }

  private static Set<Hook> overridden(Class<? extends Interceptor> type) {
    EnumSet<Hook> found = EnumSet.noneOf(Hook.class);
    for (Hook hook : Hook.values()) {
      Class<?>[] parameters =
          Arrays.stream(Interceptor.class.getMethods())
              .filter(method -> method.getName().equals(hook.methodName()))
              .findFirst()
              .orElseThrow()
              .getParameterTypes();
      try {
        Method method = type.getMethod(hook.methodName(), parameters);
        if (method.getDeclaringClass() != Interceptor.class) found.add(hook);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("no hook " + hook.methodName() + " in " + type, e);
      }
    }
    return Collections.unmodifiableSet(found);
  }

  /**
   * Returns the metadata.
   *
   * @return with the priorities in force here
   */
  public PluginMetadata metadata() {
    return metadata;
  }

  /**
   * Returns the plugin's id.
   *
   * @return the id
   */
  public String id() {
    return metadata.id();
  }

  /**
   * Returns the interceptor.
   *
   * @return the interceptor of this proxy
   */
  public Interceptor interceptor() {
    return interceptor;
  }

  /**
   * Returns the health.
   *
   * @return the health in this proxy
   */
  public PluginHealth health() {
    return health;
  }

  /**
   * Returns the plugin's logger.
   *
   * @return {@code dev.headgate.plugin.<id>}
   */
  public Logger logger() {
    return logger;
  }

  /**
   * Returns the hooks that the interceptor overrides.
   *
   * @return an immutable set
   */
  public Set<Hook> hooks() {
    return hooks;
  }

  void hold() {
    chains.incrementAndGet();
  }

  void letGo() {
    if (chains.decrementAndGet() == 0) released.run();
  }
}
