package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A forward proxy on a backend that has no tunnels. */
class ForwardWithoutTunnelsTest {
  @Test
  void openPortsAreAMistake() throws Throwable {
    Lab.run(
        new MemoryEnvironment(),
        new EventLog(),
        lab -> {
          ConfigurationException refused =
              assertThrows(
                  ConfigurationException.class,
                  () -> lab.proxy(builder -> builder.forward(ForwardOptions.defaults())));
          assertEquals(
              List.of(
                  "forward: connectPorts must be none with backend 'memory', which has no tunnels"
                      + " (CONNECT), but were [443]"),
              refused.mistakes());
        });
  }

  @Test
  void connectIs501WhateverAPluginSays() throws Throwable {
    Lab.run(
        new MemoryEnvironment(),
        new EventLog(),
        lab -> {
          Proxy proxy =
              lab.proxy(
                  builder ->
                      builder
                          .plugin(new Tunneller())
                          .forward(ForwardOptions.builder().connectPorts().build()));
          assertEquals(501, lab.client(proxy).send("CONNECT", "a.test:443").status());
        });
  }

  private static final class Tunneller implements ProxyPlugin, Interceptor {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("tunneller").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return this;
    }

    @Override
    public ConnectDecision onConnect(ConnectContext ctx) {
      return ConnectDecision.tunnel(ctx.destination());
    }
  }
}
