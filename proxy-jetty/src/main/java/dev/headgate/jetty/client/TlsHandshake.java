package dev.headgate.jetty.client;

import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;

/** Remembers that TLS has been set up; told inside a fill or flush of the connection. */
final class TlsHandshake implements SslHandshakeListener {
  private volatile boolean done;
  private volatile @Nullable String protocol;

  boolean isDone() {
    return done;
  }

  /** Returns what was chosen by ALPN; null or empty for nothing. */
  @Nullable String protocol() {
    return protocol;
  }

  @Override
  public void handshakeSucceeded(Event event) {
    protocol = event.getSSLEngine().getApplicationProtocol();
    done = true;
  }
}
