package dev.headgate.tck.broken;

import dev.headgate.core.spi.Listener;
import java.net.InetSocketAddress;

/** Passes all on to the listener within. Thread-safe. */
class ForwardingListener implements Listener {
  private final Listener listener;

  ForwardingListener(Listener listener) {
    this.listener = listener;
  }

  @Override
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void start() {
    listener.start();
  }

  @Override
  public void stopAccepting() {
    listener.stopAccepting();
  }

  @Override
  public void close() {
    listener.close();
  }
}
