package dev.headgate.core.spi;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import org.jspecify.annotations.Nullable;

/**
 * Told what comes back for one request: exactly one of {@link #onResponse}, {@link #onTunnel},
 * {@link #onReached} and {@link #onFailure}, unless the call was aborted, when there may be
 * neither. Calls never overlap; they come on any thread and must not block or throw.
 */
public interface UpstreamListener {
  /** A connection is at hand, and the request's head is about to be sent. */
  void onConnected();

  /** The request, with its body, has been sent. May come after {@link #onResponse}. */
  void onRequestSent();

  /**
   * An interim response came, 101 aside.
   *
   * @param status 100 to 199
   * @param headers its fields, owned by the core
   */
  void onInterim(int status, HeaderList headers);

  /**
   * The final response's head came; told at once, never held for the body's first byte. A failure
   * after this is the body's.
   *
   * @param status 200 to 999
   * @param headers its fields as received, owned by the core
   * @param body the body, without transfer coding; null when there can be none (HEAD, 204, 304). It
   *     is also what keeps the connection: read it to the end or abort it
   */
  void onResponse(int status, HeaderList headers, @Nullable BodySource body);

  /**
   * The upstream switched protocols (101), as it was asked to by the request's {@code Upgrade}; or
   * the connection that a CONNECT asked for is open. Told after {@link #onRequestSent}. A 101 that
   * was not asked for is a failure.
   *
   * @param status 101, or 200 for CONNECT
   * @param headers the fields as received, owned by the core
   * @param tunnel what follows; owned by the core, which ends or aborts it
   */
  default void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
    tunnel.abort(new IllegalStateException("no tunnel was asked for"));
  }

  /**
   * A connection is there, as a CONNECT asked for whose destination's protocol is none of a tunnel.
   * Told after {@link #onConnected}. The connection stays for requests to the same destination.
   *
   * @param version what is spoken on it
   */
  default void onReached(HttpVersion version) {}

  /**
   * There will be no response. Where it was the request's own body that failed, the fault is {@code
   * UPSTREAM_ABORTED} with that failure as cause; the core knows it already.
   *
   * @param fault who, where, and whether the request may be sent again
   */
  void onFailure(UpstreamFault fault);
}
