package dev.headgate;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Http2Options;
import dev.headgate.core.config.Limits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.tls.ListenerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a {@link ProxyBuilder} has collected; nothing of it is checked. */
final class ProxySettings {
  String host = "127.0.0.1";
  int port;
  final List<Route> routes = new ArrayList<>();
  final Map<ProxyPlugin, PluginOptions> plugins = new LinkedHashMap<>();
  final Set<String> allowedHosts = new LinkedHashSet<>();
  final List<String> mistakes = new ArrayList<>();
  boolean anyHost;
  boolean discovery;
  boolean proxyStatus = true;
  int faultsInARow = 5;
  Duration coolDown = Duration.ofSeconds(30);
  Duration grace = Duration.ofSeconds(10);
  String pseudonym = "headgate-" + UUID.randomUUID().toString().substring(0, 8);
  @Nullable Session session;
  CredentialsSupplier credentials = CredentialsSupplier.none();
  Timeouts timeouts = Timeouts.defaults();
  Limits limits = Limits.defaults();
  Http2Options http2 = Http2Options.defaults();
  @Nullable ForwardOptions forward;
  @Nullable InspectOptions inspect;
  DataRates rates = DataRates.none();
  @Nullable Admission admission;
  TrustedClients trusted = TrustedClients.none();
  ForwardedFields forwarding = ForwardedFields.none();
  @Nullable ListenerTls tls;
  @Nullable ProxyEngine engine;
  @Nullable Backend backend;
  @Nullable String backendName;

  /** Adds a plugin; the second time it is a mistake. */
  void add(ProxyPlugin plugin, PluginOptions options) {
    if (plugins.put(plugin, options) != null) {
      mistakes.add(
          "plugin '" + plugin.metadata().id() + "' must be added once, but was added twice");
    }
  }
}
