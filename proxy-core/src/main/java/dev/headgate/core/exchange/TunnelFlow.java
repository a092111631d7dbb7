package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Tunnel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that has become a tunnel: the head that opens it goes to the client, then bytes move
 * both ways until both directions have ended (rules 17 and 19). Hooks see none of the bytes; the
 * end is told to plugins with their counts.
 */
final class TunnelFlow implements Completion {
  private final Exchange exchange;
  private final Tunnel upstream;
  private final AtomicInteger open = new AtomicInteger(2);
  private final AtomicInteger unready = new AtomicInteger(2);
  private volatile @Nullable Tunnel client;
  private volatile @Nullable TunnelPump in;
  private volatile @Nullable TunnelPump out;
  private volatile @Nullable Throwable stopped;

  TunnelFlow(Exchange exchange, Tunnel upstream) {
    this.exchange = exchange;
    this.upstream = upstream;
  }

  /** Tells the client that the tunnel is open. */
  void open(int status, HeaderList headers) {
    if (!exchange.answer(status)) {
      upstream.abort(new IllegalStateException("the exchange is over"));
      return;
    }
    exchange.timer().request(null);
    exchange.timer().response(ExchangeTimer.Wait.CLIENT_TAKES);
    Tunnel opened = exchange.inbound().tunnel(status, headers, this);
    client = opened;
    Throwable reason = stopped;
    if (reason != null) opened.abort(reason);
    beginWhenReady();
  }

  /** The head is out. */
  @Override
  public void succeeded() {
    beginWhenReady();
  }

  @Override
  public void failed(Throwable reason) {
    exchange.clientGone(reason);
  }

  /** A backend may tell that the head is out before it has returned the tunnel. */
  private void beginWhenReady() {
    Tunnel peer = client;
    if (unready.decrementAndGet() > 0 || peer == null) return;
    exchange.timer().tunnel();
    TunnelPump inwards = new TunnelPump(this, peer, upstream);
    TunnelPump outwards = new TunnelPump(this, upstream, peer);
    in = inwards;
    out = outwards;
    inwards.run();
    outwards.run();
  }

  /** Something moved: the tunnel is not idle. */
  void moved() {
    exchange.timer().response(ExchangeTimer.Wait.TUNNEL_MOVES);
  }

  /** One direction has ended cleanly. */
  void ended() {
    if (open.decrementAndGet() == 0) exchange.completed();
  }

  /** One side broke, so the other is broken off too. */
  void broken(Tunnel side, Throwable reason) {
    if (side != upstream) {
      exchange.clientGone(reason);
      return;
    }
    exchange.fail(
        new UpstreamFault(
            ErrorCode.UPSTREAM_ABORTED,
            Phase.TUNNEL,
            "The upstream broke the tunnel off.",
            false,
            reason));
  }

  /** The exchange is over, or never became a tunnel. */
  void stop(Throwable reason) {
    stopped = reason;
    upstream.abort(reason);
    Tunnel peer = client;
    if (peer != null) peer.abort(reason);
  }

  /** How many bytes came from the client. */
  long bytesIn() {
    TunnelPump pump = in;
    return pump == null ? 0 : pump.bytes();
  }

  /** How many bytes came from the upstream. */
  long bytesOut() {
    TunnelPump pump = out;
    return pump == null ? 0 : pump.bytes();
  }
}
