package dev.headgate.core.spi;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A request that came in, and the way to answer it.
 *
 * <p>The response is written by one writer: {@link #interim}, {@link #respond} and {@link #write}
 * are called one after the other, each after the completion of the one before. Reading the
 * request's body is independent of that and may happen at the same time. The exchange is over when
 * the last write has completed, or when it was aborted.
 */
public interface InboundExchange {
  /**
   * Returns the method.
   *
   * @return the method as sent
   */
  String method();

  /**
   * Returns the request target, byte for byte as the client sent it (for HTTP/2: the {@code
   * :path}).
   *
   * @return origin, absolute, authority or asterisk form (RFC 9112 §3.2)
   */
  String target();

  /**
   * Returns the version.
   *
   * @return the version of the client's connection
   */
  HttpVersion version();

  /**
   * Returns the scheme of the connection.
   *
   * @return {@code http} or {@code https}
   */
  String scheme();

  /**
   * Returns the fields, with Host (for HTTP/2: made from {@code :authority}).
   *
   * @return the fields, owned by the core
   */
  HeaderList headers();

  /**
   * Returns who asks.
   *
   * @return the client
   */
  ClientInfo client();

  /**
   * Returns whether the client asked to switch protocols on this stream only, as its version of
   * HTTP says (extended CONNECT in HTTP/2, RFC 8441). The request is then told as HTTP/1.1 would
   * have it: a GET without a body, with {@code Connection} and {@code Upgrade}. The client takes
   * any 2xx for a tunnel, so only {@link #tunnel} sends one, and no key of the handshake passes
   * between it and the proxy.
   *
   * @return whether it did; false unless the backend says otherwise
   */
  default boolean upgradesStream() {
    return false;
  }

  /**
   * Returns whether the request is for a proxy where its version of HTTP has no form of target to
   * say so: in HTTP/2 one whose {@code :scheme} is {@code http} while the connection is secured, as
   * nobody but a client that was told to use a proxy sends. What {@link #target()} and Host name is
   * then read as if it had come in absolute-form.
   *
   * @return whether it is; false unless the backend says otherwise
   */
  default boolean asksProxy() {
    return false;
  }

  /**
   * Returns the body. Where the client expects 100 (Continue), the first read or demand sends it,
   * unless the response has begun: then the body may never come.
   *
   * @return the body; null when the request's framing says that there is none
   */
  @Nullable BodySource body();

  /**
   * Sets who is told when the client goes away: its connection or stream ended before the exchange
   * was over. Told at most once, within a second, in every phase, also while nothing is read or
   * written; at once if it has happened already. Set once, before {@link InboundHandler#handle}
   * returns.
   *
   * @param gone called on any thread; must not block
   */
  void onClientGone(Consumer<Throwable> gone);

  /**
   * Sends an interim response. Not called for HTTP/1.0 clients, nor with 100 or 101.
   *
   * @param status 102 to 199
   * @param headers its fields
   * @param done told when it is out
   */
  void interim(int status, HeaderList headers, Completion done);

  /**
   * Sends the final head at once, with the first piece of the body where that is at hand. The
   * fields are complete but for those of the connection: the backend adds {@code Transfer-Encoding}
   * where there is neither a {@code Content-Length} nor an end, and {@code Connection} where it
   * must; nothing else.
   *
   * @param status 200 to 999
   * @param headers the fields, owned by the backend from now on
   * @param first the first piece, owned by the backend from now on; null when there is none yet
   * @param last whether this ends the response
   * @param done told when it is out
   */
  void respond(
      int status, HeaderList headers, @Nullable Content first, boolean last, Completion done);

  /**
   * Sends a further piece of the body.
   *
   * @param content the piece, owned by the backend from now on
   * @param last whether this ends the response
   * @param trailers sent after the last piece where the protocol can carry them; null for none
   * @param done told when it is out
   */
  void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done);

  /**
   * Sends a head that ends HTTP on this connection or stream, and gives what comes after it: 101
   * for a request that asked for an upgrade, 2xx for CONNECT. In place of {@link #respond}. The
   * head goes out without framing: with neither {@code Content-Length} nor {@code
   * Transfer-Encoding} (RFC 9110 §9.3.6). An upgrade that a client of HTTP/2 asked for (RFC 8441)
   * is told as 101 here too; its backend sends what its protocol says instead.
   *
   * <p>The client's end is told by the tunnel from now on, and not by {@link #onClientGone}; {@link
   * #abort} aborts the tunnel.
   *
   * @param status 101, or 200 to 299
   * @param headers the fields, owned by the backend from now on; with 101 they hold {@code Upgrade}
   *     and {@code Connection}
   * @param done told when the head is out; writing to the tunnel begins after that
   * @return the tunnel, which may be read at once
   * @throws UnsupportedOperationException if the backend has neither {@link Capability#UPGRADE} nor
   *     {@link Capability#CONNECT}
   */
  default Tunnel tunnel(int status, HeaderList headers, Completion done) {
    throw new UnsupportedOperationException("this backend has no tunnels");
  }

  /**
   * Says whether {@link #inspect} can be asked for. Where not, the core refuses with a clear error.
   *
   * @return whether it can
   */
  default boolean canInspect() {
    return false;
  }

  /**
   * Answers a CONNECT with 200, ends TLS on what comes after it, and serves the requests inside. In
   * place of {@link #respond} and {@link #tunnel}. The exchange is over when the head is out; those
   * inside are exchanges of their own, of the same client, with the scheme {@code https}.
   *
   * @param headers the fields, owned by the backend from now on
   * @param engine how TLS is spoken with the client, without a choice of application protocol
   * @param inside takes the exchanges
   * @param done told when the head is out, before the first of those exchanges
   * @throws UnsupportedOperationException unless {@link #canInspect()}
   */
  default void inspect(
      HeaderList headers, SSLEngine engine, InspectedHandler inside, Completion done) {
    throw new UnsupportedOperationException("this backend can't look into tunnels");
  }

  /**
   * Ends the exchange uncleanly: the client sees a broken connection or a reset stream, never a
   * clean end (RFC 9112 §8). A pending completion fails. Idempotent, and without effect when the
   * exchange is over.
   *
   * @param reason why, for the log
   */
  void abort(Throwable reason);
}
