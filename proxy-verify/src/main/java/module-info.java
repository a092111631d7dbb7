/**
 * A modular application with Headgate in it, as small as one can be. It is started on the module
 * path by the tests of this Maven module.
 *
 * <p>It requires the core and the plugins that it names. It does not require the Jetty backend: see
 * {@link dev.headgate.verify.Smoke}.
 */
module dev.headgate.verify {
  requires dev.headgate.core;
  requires dev.headgate.plugins;
  requires dev.headgate.wasm;
  requires java.net.http;
  requires jdk.httpserver;
  requires static org.jspecify;
}
