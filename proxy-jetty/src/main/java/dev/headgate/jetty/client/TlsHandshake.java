package dev.headgate.jetty.client;

import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/** Remembers that TLS has been set up; told inside a fill or flush of the connection. */
final class TlsHandshake implements SslHandshakeListener {
  private volatile boolean done;

  boolean isDone() {
    return done;
  }

  @Override
  public void handshakeSucceeded(Event event) {
    done = true;
  }
}
