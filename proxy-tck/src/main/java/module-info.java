/**
 * The contract of Headgate as tests, and an in-memory backend to run them, and plugins, without
 * sockets.
 *
 * <p>Start with {@link dev.headgate.tck.BackendTck} to test a backend, with {@link
 * dev.headgate.testkit.PluginHarness} to test a plugin.
 */
module dev.headgate.tck {
  requires transitive dev.headgate.core;
  requires transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.headgate.tck;
  exports dev.headgate.tck.broken;
  exports dev.headgate.tck.lab;
  exports dev.headgate.tck.lab.memory;
  exports dev.headgate.tck.lab.socket;
  exports dev.headgate.tck.memory;
  exports dev.headgate.tck.rules;
  exports dev.headgate.testkit;
}
