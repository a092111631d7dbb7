/**
 * The engine of the proxy: registry, chain, routing, exchanges, the {@link dev.headgate.Proxy}
 * facade, and the SPI that backends implement. No sockets.
 */
module dev.headgate.core {
  requires transitive dev.headgate.api;
  requires static org.jspecify;

  exports dev.headgate;
  exports dev.headgate.core.coding;
  exports dev.headgate.core.config;
  exports dev.headgate.core.egress;
  exports dev.headgate.core.forwarded;
  exports dev.headgate.core.http;
  exports dev.headgate.core.registry;
  exports dev.headgate.core.rewrite;
  exports dev.headgate.core.route;
  exports dev.headgate.core.spi;
  exports dev.headgate.core.tls;

  uses dev.headgate.api.ProxyPlugin;
  uses dev.headgate.core.coding.ContentCoding;
  uses dev.headgate.core.spi.Backend;
}
