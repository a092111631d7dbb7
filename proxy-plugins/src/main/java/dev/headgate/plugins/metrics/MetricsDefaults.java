package dev.headgate.plugins.metrics;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin was built with, not checked yet: the environment and the profile may replace each
 * value. Immutable.
 *
 * @param enabled whether the plugin runs
 * @param providers the providers that it runs for; empty for all
 * @param directory where files lie; null when it was not given
 * @param endpoint where metrics go; null when it was not given
 * @param interval how long between two syncs
 * @param name the metric's name
 * @param attributes the metric's attributes
 * @param requestTimeout how long one attempt may take
 */
record MetricsDefaults(
    boolean enabled,
    Set<String> providers,
    @Nullable Path directory,
    @Nullable URI endpoint,
    Duration interval,
    String name,
    Map<String, String> attributes,
    Duration requestTimeout) {
  MetricsDefaults {
    providers = Set.copyOf(providers);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
