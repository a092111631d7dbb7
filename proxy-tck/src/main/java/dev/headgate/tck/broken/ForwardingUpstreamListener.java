package dev.headgate.tck.broken;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamListener;
import org.jspecify.annotations.Nullable;

/** Passes all on to the core's listener within. */
public class ForwardingUpstreamListener implements UpstreamListener {
  private final UpstreamListener listener;

  /**
   * Wraps it.
   *
   * @param listener the core's listener within
   */
  public ForwardingUpstreamListener(UpstreamListener listener) {
    this.listener = listener;
  }

  @Override
  public void onConnected() {
    listener.onConnected();
  }

  @Override
  public void onRequestSent() {
    listener.onRequestSent();
  }

  @Override
  public void onInterim(int status, HeaderList headers) {
    listener.onInterim(status, headers);
  }

  @Override
  public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
    listener.onResponse(status, headers, body);
  }

  @Override
  public void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
    listener.onTunnel(status, headers, tunnel);
  }

  @Override
  public void onReached(HttpVersion version) {
    listener.onReached(version);
  }

  @Override
  public void onFailure(UpstreamFault fault) {
    listener.onFailure(fault);
  }
}
