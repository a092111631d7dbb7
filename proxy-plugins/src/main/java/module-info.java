/**
 * The bundled plugins of Headgate, one package each. They know the plugin contract and nothing of
 * the engine that calls them.
 *
 * <p>Start with {@link dev.headgate.plugins.auth.SsoAuthPlugin}, {@link
 * dev.headgate.plugins.headers.HeaderInjectionPlugin}, {@link
 * dev.headgate.plugins.logging.LoggingPlugin}, or the package {@code dev.headgate.plugins.metrics}.
 */
module dev.headgate.plugins {
  requires static org.jspecify;
  requires transitive dev.headgate.api;
  requires com.fasterxml.jackson.core;
  requires java.net.http;

  exports dev.headgate.plugins.auth;
  exports dev.headgate.plugins.headers;
  exports dev.headgate.plugins.logging;
  exports dev.headgate.plugins.metrics;
}
