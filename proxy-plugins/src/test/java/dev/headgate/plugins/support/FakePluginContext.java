package dev.headgate.plugins.support;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.Session;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** What a proxy offers to a plugin; each test sets what matters to it. */
public final class FakePluginContext implements PluginContext {
  private Session session = Session.builder("session-1").build();
  private CredentialsSupplier credentials = CredentialsSupplier.none();
  private Logger logger = NOPLogger.NOP_LOGGER;
  private Clock clock = ManualClock.at("2026-01-01T00:00:00Z");

  public FakePluginContext session(Session session) {
    this.session = session;
    return this;
  }

  public FakePluginContext credentials(CredentialsSupplier credentials) {
    this.credentials = credentials;
    return this;
  }

  public FakePluginContext logger(Logger logger) {
    this.logger = logger;
    return this;
  }

  public FakePluginContext clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /** Returns the proxy that these things come from. */
  public ProxyInfo proxy() {
    return new ProxyInfo(URI.create("http://127.0.0.1:1"), "headgate", session);
  }

  @Override
  public String pluginId() {
    return "fake";
  }

  @Override
  public Session session() {
    return session;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public CredentialsSupplier credentials() {
    return credentials;
  }

  @Override
  public Logger logger() {
    return logger;
  }

  @Override
  public PluginScheduler scheduler() {
    throw new UnsupportedOperationException("these plugins schedule nothing");
  }

  @Override
  public Executor blockingExecutor() {
    throw new UnsupportedOperationException("these plugins need no executor");
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
