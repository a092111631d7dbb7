package dev.headgate;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.Session;
import dev.headgate.api.http.FieldSyntax;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.ContentCodings;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DurationRange;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.error.ErrorRenderer;
import dev.headgate.core.exchange.ClientCertificateField;
import dev.headgate.core.exchange.ExchangeFactory;
import dev.headgate.core.exchange.HostCheck;
import dev.headgate.core.exchange.ProxyEnvironment;
import dev.headgate.core.exchange.Via;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.lifecycle.ChainRegistry;
import dev.headgate.core.lifecycle.RegistryOptions;
import dev.headgate.core.overload.AdmissionQueue;
import dev.headgate.core.registry.PluginException;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteHandler;
import dev.headgate.core.route.Router;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.core.tls.ListenerTlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns settings into a running proxy, or into a list of mistakes. */
final class ProxyStarter {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyStarter.class);

  private ProxyStarter() {}

  static Proxy start(ProxySettings settings) {
    List<String> mistakes = new ArrayList<>(settings.mistakes);
    if (settings.discovery) ChainRegistry.discover(settings.plugins, mistakes);
    InetSocketAddress address = check(settings, mistakes);
    mistakes.addAll(Router.mistakes(routes(settings)));
    mistakes.addAll(ChainRegistry.mistakes(settings.plugins));
    Backend backend = null;
    if (settings.engine == null) {
      backend = settings.backend;
      if (backend == null) backend = Backends.find(settings.backendName, mistakes);
    } else if (settings.backend != null || settings.backendName != null) {
      mistakes.add("expected an engine or a backend, but both were given");
    }
    if (settings.engine != null && settings.engine.closed()) {
      mistakes.add("the engine must be running, but was closed");
    }
    checkCapabilities(settings, backend, mistakes);
    ListenerTls listenerTls = settings.tls;
    ListenerTlsContext tls =
        listenerTls == null ? null : ListenerTlsContext.open(listenerTls, mistakes);
    if (!mistakes.isEmpty()) throw new ConfigurationException(mistakes);
    warnOfInsecure(settings.routes);
    ProxyEngine engine = settings.engine;
    if (engine == null && backend != null) engine = ProxyEngine.common(backend);
    if (engine == null || address == null) throw new IllegalStateException("unchecked settings");
    boolean started = false;
    try {
      Proxy proxy = start(settings, engine, address, tls);
      started = true;
      return proxy;
    } finally {
      if (!started) engine.release();
    }
  }

  private static void checkCapabilities(
      ProxySettings settings, @Nullable Backend found, List<String> mistakes) {
    Backend backend = settings.engine == null ? found : settings.engine.backend();
    if (backend == null) return;
    Set<Capability> capabilities = backend.capabilities();
    ForwardOptions forward = settings.forward;
    if (forward != null && !capabilities.contains(Capability.FORWARD)) {
      mistakes.add(
          "a forward proxy needs a backend that can be one (FORWARD), but '"
              + backend.name()
              + "' can not");
    } else if (forward != null
        && !forward.connectPorts().isEmpty()
        && !capabilities.contains(Capability.CONNECT)) {
      mistakes.add(
          "forward: connectPorts must be none with backend '"
              + backend.name()
              + "', which has no tunnels (CONNECT), but were "
              + forward.connectPorts());
    }
    if (settings.inspect != null && !capabilities.contains(Capability.INSPECTION)) {
      mistakes.add(
          "to look into tunnels needs a backend that can do it (INSPECTION), but '"
              + backend.name()
              + "' can not");
    }
    if (settings.tls != null && !capabilities.contains(Capability.LISTENER_TLS)) {
      mistakes.add(
          "TLS with clients needs a backend that can do it (LISTENER_TLS), but '"
              + backend.name()
              + "' can not");
    }
    boolean hasTls = capabilities.contains(Capability.UPSTREAM_TLS);
    boolean hasAddresses = capabilities.contains(Capability.FORWARD);
    for (Route route : settings.routes) {
      if (route.addresses() != null && !hasAddresses) {
        mistakes.add(
            "route '"
                + route.id()
                + "': an address policy needs a backend that has addresses (FORWARD), but '"
                + backend.name()
                + "' has none");
      }
      Destination destination = route.destination();
      if (!hasTls && destination != null && destination.tls() != null) {
        mistakes.add(
            "route '"
                + route.id()
                + "': TLS with upstreams needs a backend that can do it (UPSTREAM_TLS), but '"
                + backend.name()
                + "' can not");
      }
    }
  }

  private static void warnOfInsecure(List<Route> routes) {
    for (Route route : routes) {
      Destination destination = route.destination();
      if (destination != null && destination.tls() != null && destination.tls().insecure()) {
        LOG.warn(
            "route '{}' is INSECURE: the upstream's certificate is not checked, so that anybody on"
                + " the way can read and change what passes",
            route.id());
      }
    }
  }

  private static @Nullable InetSocketAddress check(ProxySettings settings, List<String> mistakes) {
    if (settings.faultsInARow < 1) {
      mistakes.add("faults in a row must be 1 or more, but was " + settings.faultsInARow);
    }
    DurationRange.ABOVE_ZERO.check("cool-down", settings.coolDown, mistakes);
    DurationRange.ZERO_OR_MORE.check("grace", settings.grace, mistakes);
    if (!FieldSyntax.isToken(settings.pseudonym)) {
      mistakes.add("pseudonym must be a token, but was '" + settings.pseudonym + "'");
    }
    for (String name : settings.allowedHosts) {
      if (hostName(name) == null) {
        mistakes.add(
            "an allowed host must be a name or an address without port, but was '" + name + "'");
      }
    }
    mistakes.addAll(settings.http2.mistakes());
    ForwardOptions forward = settings.forward;
    InspectOptions inspect = settings.inspect;
    if (inspect != null) {
      mistakes.addAll(inspect.mistakes());
      if (forward == null) {
        mistakes.add("tunnels can be looked into by a forward proxy only: expected forward(...)");
      }
    }
    if (forward != null) {
      mistakes.addAll(forward.mistakes());
    } else if (settings.routes.isEmpty()) {
      mistakes.add("expected at least one route, but there is none");
    }
    boolean legal = settings.port >= 0 && settings.port <= 65535;
    if (!legal) mistakes.add("port must be 0 to 65535, but was " + settings.port);
    try {
      InetAddress address = InetAddress.getByName(settings.host);
      return legal ? new InetSocketAddress(address, settings.port) : null;
    } catch (UnknownHostException e) {
      mistakes.add(
          "listen address must be a name or address of this machine, but was '"
              + settings.host
              + "'");
      return null;
    }
  }

  private static Proxy start(
      ProxySettings settings,
      ProxyEngine shared,
      InetSocketAddress address,
      @Nullable ListenerTlsContext tls) {
    Engine engine = shared.running();
    Session session = settings.session == null ? Session.random() : settings.session;
    ChainRegistry registry =
        new ChainRegistry(
            new RegistryOptions(
                engine, session, settings.credentials, settings.faultsInARow, settings.coolDown));
    Listener listener = null;
    boolean started = false;
    try {
      registry.registerAll(settings.plugins);
      Egress egress =
          settings.forward == null
              ? null
              : new Egress(
                  settings.forward,
                  settings.inspect,
                  shared.backend().capabilities().contains(Capability.CONNECT),
                  engine::nanoTime);
      RouteResolvers resolvers = new RouteResolvers();
      Router router = Router.of(resolvers.apply(routes(settings), engine::nanoTime));
      ProxyEnvironment environment =
          environment(settings, engine, session, registry, router, address, egress);
      ExchangeFactory exchanges = new ExchangeFactory(environment);
      listener = engine.listen(listenOptions(settings, address, tls), exchanges);
      if (egress != null) egress.listensOn(listener.address());
      resolvers.listensOn(listener.address());
      ProxyInfo info = new ProxyInfo(uri(settings, listener), settings.pseudonym, session);
      registry.start(info);
      listener.start();
      started = true;
      return new Proxy(
          shared, listener, exchanges, registry, environment.router(), info, settings.grace, tls);
    } catch (IOException e) {
      throw new StartException(
          "can't listen on " + settings.host + " port " + settings.port + ": " + e.getMessage(), e);
    } catch (PluginException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } finally {
      if (!started) {
        if (listener != null) listener.close();
        registry.stop().join();
      }
    }
  }

  private static ListenOptions listenOptions(
      ProxySettings settings, InetSocketAddress address, @Nullable ListenerTlsContext tls) {
    return new ListenOptions(
        address,
        settings.limits.maxRequestLineBytes(),
        settings.limits.maxHeaderBytes(),
        settings.limits.maxUnreadBodyBytes(),
        settings.timeouts.requestHead(),
        settings.timeouts.keepAlive(),
        settings.http2,
        tls);
  }

  private static ProxyEnvironment environment(
      ProxySettings settings,
      Engine engine,
      Session session,
      ChainRegistry registry,
      Router router,
      InetSocketAddress address,
      @Nullable Egress egress) {
    Map<Route, Link> handlers = new HashMap<>();
    Map<Route, AdmissionQueue> admissions = new HashMap<>();
    for (Route route : router.routes()) {
      Admission limit = route.admission();
      if (limit != null) admissions.put(route, new AdmissionQueue(limit, engine.executor()));
      RouteHandler handler = route.handler();
      if (handler != null) handlers.put(route, handlerLink(registry, handler));
    }
    return new ProxyEnvironment(
        engine,
        session,
        router,
        registry::chain,
        settings.timeouts,
        settings.limits,
        settings.rates,
        settings.admission == null
            ? null
            : new AdmissionQueue(settings.admission, engine.executor()),
        admissions,
        ContentCodings.installed(),
        new ErrorRenderer(settings.pseudonym, settings.proxyStatus),
        new Via(settings.pseudonym),
        hostCheck(settings, address),
        egress,
        settings.trusted,
        settings.forwarding,
        clientCertificate(settings),
        handlers);
  }

  /** All routes, with the one by which clients get the authority's certificate. */
  private static List<Route> routes(ProxySettings settings) {
    InspectOptions inspect = settings.inspect;
    if (inspect == null) return settings.routes;
    List<Route> all = new ArrayList<>(settings.routes);
    all.add(
        Route.builder("/**")
            .id("authority")
            .host(inspect.certificateHost())
            .handler(ctx -> RequestDecision.respond(certificate(inspect)))
            .build());
    return all;
  }

  private static DirectResponse certificate(InspectOptions inspect) {
    return DirectResponse.status(200)
        .header("Content-Type", "application/x-x509-ca-cert")
        .bytes(ByteBuffer.wrap(inspect.authorityPem().getBytes(StandardCharsets.US_ASCII)));
  }

  private static @Nullable ClientCertificateField clientCertificate(ProxySettings settings) {
    String field = settings.tls == null ? null : settings.tls.clientCertificateField();
    return field == null ? null : new ClientCertificateField(field);
  }

  private static Link handlerLink(ChainRegistry registry, RouteHandler handler) {
    return registry.handlerLink(
        PluginMetadata.builder("handler").build(),
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) throws Exception {
            return handler.handle(ctx);
          }
        });
  }

  private static HostCheck hostCheck(ProxySettings settings, InetSocketAddress address) {
    boolean loopback = address.getAddress().isLoopbackAddress();
    if (settings.anyHost || (!loopback && settings.allowedHosts.isEmpty())) return HostCheck.any();
    Set<String> hosts = new HashSet<>();
    for (String name : settings.allowedHosts) {
      String host = hostName(name);
      if (host != null) hosts.add(host);
    }
    for (Route route : settings.routes) hosts.addAll(route.exactHosts());
    return HostCheck.loopbackAnd(hosts);
  }

  /** A host as requests name it: in lower case, IPv6 without brackets; null when it is none. */
  private static @Nullable String hostName(String text) {
    boolean bare = text.indexOf(':') >= 0 && !text.startsWith("[");
    try {
      String normal = RequestTarget.normaliseAuthority(bare ? "[" + text + "]" : text);
      if (!normal.startsWith("[")) return normal.indexOf(':') < 0 ? normal : null;
      return normal.endsWith("]") ? normal.substring(1, normal.length() - 1) : null;
    } catch (BadTargetException e) {
      return null;
    }
  }

  private static URI uri(ProxySettings settings, Listener listener) {
    boolean literal = settings.host.indexOf(':') >= 0 && !settings.host.startsWith("[");
    String host = literal ? "[" + settings.host + "]" : settings.host;
    String scheme = settings.tls == null ? "http" : "https";
    return URI.create(scheme + "://" + host + ":" + listener.address().getPort());
  }
}
