package dev.headgate.core.chain;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;

/**
 * A plugin's place in one chain. Immutable; fields in place of accessors, as the hook runner reads
 * them for each call.
 */
public final class Link {
  /** The plugin at work. */
  public final PluginSlot slot;

  /** Its interceptor. */
  public final Interceptor interceptor;

  /** Its metadata. */
  public final PluginMetadata metadata;

  /** Its bit in the masks of an exchange. */
  public final long bit;

  /**
   * Its place among all plugins by the order of {@code onRequest}, whether or not it overrides
   * that.
   */
  public final int requestOrder;

  /** Whether its calls run on the blocking executor. */
  public final boolean blocking;

  /** Whether its faults end the exchange. */
  public final boolean failClosed;

  /**
   * Makes the link of a route's handler, which is called like a plugin behind all plugins.
   *
   * @param slot a slot of the handler's own
   * @return a link that is in no chain
   */
  public static Link behindAll(PluginSlot slot) {
    return new Link(slot, Chain.MAX_PLUGINS, 0);
  }

  Link(PluginSlot slot, int requestOrder) {
    this(slot, requestOrder, 1L << requestOrder);
  }

  private Link(PluginSlot slot, int requestOrder, long bit) {
    this.slot = slot;
    this.interceptor = slot.interceptor();
    this.metadata = slot.metadata();
    this.bit = bit;
    this.requestOrder = requestOrder;
    this.blocking = metadata.blocking();
    this.failClosed = metadata.failurePolicy() == FailurePolicy.FAIL_CLOSED;
  }

  /**
   * Returns whether this is a route's handler and no plugin.
   *
   * @return whether it is
   */
  public boolean isHandler() {
    return bit == 0;
  }

  int priority(Hook hook) {
    return metadata.priority(hook);
  }

  /**
   * Returns the plugin's id.
   *
   * @return the id
   */
  public String id() {
    return slot.id();
  }

  @Override
  public String toString() {
    return slot.id();
  }
}
