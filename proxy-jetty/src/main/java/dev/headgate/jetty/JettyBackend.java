package dev.headgate.jetty;

import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import java.util.Set;
import java.util.function.Function;

/** Runs proxies on Jetty 12.1. Found by {@link java.util.ServiceLoader}. */
public final class JettyBackend implements Backend {
  private static final Set<Capability> CAPABILITIES =
      Set.of(
          Capability.SOCKETS,
          Capability.TRAILERS,
          Capability.INTERIM_RESPONSES,
          Capability.EXPECT_CONTINUE,
          Capability.UPSTREAM_TLS,
          Capability.HTTP_2,
          Capability.FORWARD,
          Capability.UPGRADE,
          Capability.CONNECT,
          Capability.LISTENER_TLS);

  private final Function<EngineOptions, EngineParts> parts;

  /** Makes a backend. */
  public JettyBackend() {
    this(EngineParts::defaults);
  }

  /** Makes a backend with parts of a test's own. */
  JettyBackend(Function<EngineOptions, EngineParts> parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return "jetty";
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Engine start(EngineOptions options) throws Exception {
    return JettyEngine.start(options, parts.apply(options));
  }
}
