package dev.headgate.core.chain;

import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks whether plugins can stand in one chain. Stateless. */
public final class PluginOrder {
  private PluginOrder() {}

  /**
   * Finds what keeps plugins from standing in one chain: too many, an id twice, a dependency that
   * is missing or comes later.
   *
   * @param plugins the metadata of the enabled plugins, in the order of their registration
   * @return all mistakes; empty when there are none
   */
  public static List<String> mistakes(List<PluginMetadata> plugins) {
    List<String> mistakes = new ArrayList<>();
    if (plugins.size() > Chain.MAX_PLUGINS) {
      mistakes.add(
          "expected at most "
              + Chain.MAX_PLUGINS
              + " plugins in a proxy, but there are "
              + plugins.size());
    }
    List<PluginMetadata> ordered = new ArrayList<>(plugins);
    ordered.sort(Comparator.comparingInt(plugin -> plugin.priority(Hook.REQUEST)));
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      if (places.put(ordered.get(i).id(), i) != null) {
        mistakes.add(
            "plugin id '" + ordered.get(i).id() + "' must be used once, but was used twice");
      }
    }
    for (int i = 0; i < ordered.size(); i++) {
      String id = ordered.get(i).id();
      for (String needed : ordered.get(i).dependencies().stream().sorted().toList()) {
        Integer place = places.get(needed);
        if (place == null) {
          mistakes.add(
              "plugin '"
                  + id
                  + "' depends on plugin '"
                  + needed
                  + "', which is not present and enabled");
        } else if (place > i) {
          mistakes.add(
              "plugin '"
                  + id
                  + "' depends on plugin '"
                  + needed
                  + "', which must be earlier in the chain, but comes later");
        }
      }
    }
    return mistakes;
  }
}
