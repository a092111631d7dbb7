package dev.headgate.tck.broken;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;

/** Passes all on to the tunnel within. */
public class ForwardingTunnel implements Tunnel {
  private final Tunnel tunnel;

  /**
   * Wraps it.
   *
   * @param tunnel the tunnel within
   */
  public ForwardingTunnel(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  @Override
  public BodySource input() {
    return tunnel.input();
  }

  @Override
  public void write(Content content, boolean last, Completion done) {
    tunnel.write(content, last, done);
  }

  @Override
  public void abort(Throwable reason) {
    tunnel.abort(reason);
  }
}
