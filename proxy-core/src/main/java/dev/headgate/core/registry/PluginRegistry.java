package dev.headgate.core.registry;

import dev.headgate.api.ProxyPlugin;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The plugins of one proxy: which there are, and which take part. A change builds a new chain and
 * puts it in place of the old one in one step; exchanges in flight finish on the chain they began
 * with, and an interceptor that left is stopped after the last of them. Thread-safe; changes come
 * one at a time.
 */
public interface PluginRegistry {
  /**
   * Registers a plugin, and enables it unless the options say otherwise. In a running proxy it sees
   * its first exchange before this returns.
   *
   * @param plugin the plugin
   * @param how how this proxy uses it
   * @throws PluginException if the id is taken, a dependency is missing, or the plugin refuses
   */
  void register(ProxyPlugin plugin, PluginOptions how);

  /**
   * Lets a plugin take part again; does nothing if it does. A suspension is lifted.
   *
   * @param id its id
   * @throws PluginException if there is no such plugin, a dependency is missing, or the plugin
   *     refuses
   */
  void enable(String id);

  /**
   * Takes a plugin out. Exchanges in flight finish with it.
   *
   * @param id its id
   * @return complete when its last exchange has ended and it has been stopped
   * @throws PluginException if there is no such plugin, or an enabled one depends on it
   */
  CompletionStage<Void> disable(String id);

  /**
   * Disables a plugin and forgets it.
   *
   * @param id its id
   * @return complete when its last exchange has ended and it has been stopped
   * @throws PluginException if there is no such plugin, or an enabled one depends on it
   */
  CompletionStage<Void> unregister(String id);

  /**
   * Lists all plugins in the order of {@code onRequest}.
   *
   * @return what is known of each now
   */
  List<PluginStatus> list();

  /**
   * Describes the chain for people: a line for each plugin, in the order of {@code onRequest}.
   *
   * @return the lines
   */
  String describe();
}
