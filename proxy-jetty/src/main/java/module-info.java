/** The backend that people run, on Jetty 12.1. */
module dev.headgate.jetty {
  requires transitive dev.headgate.core;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.http2.common;
  requires org.eclipse.jetty.http2.hpack;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.util;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.headgate.jetty;

  provides dev.headgate.core.spi.Backend with
      dev.headgate.jetty.JettyBackend;
}
