package dev.headgate.tck.broken;

import dev.headgate.core.spi.Listener;
import java.net.InetSocketAddress;

/** Passes all on to the listener within. Thread-safe. */
public class ForwardingListener implements Listener {
  private final Listener listener;

  /**
   * Wraps it.
   *
   * @param listener the listener within
   */
  public ForwardingListener(Listener listener) {
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
