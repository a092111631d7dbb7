package dev.headgate.api;

import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of one exchange, shared by all plugins in it.
 *
 * <p>Given to hooks; may be kept for reading, on the thread rules of {@link Interceptor} until the
 * exchange has ended, and on any thread after that, when all stays as it was at the end. A hook on
 * the blocking executor gets a view whose changes take effect when it returns normally, so compare
 * exchanges by {@link #requestId()}, never by the identity of a context.
 */
public interface ProxyContext {
  /**
   * Returns the id of this exchange.
   *
   * @return a random UUID as text; the same in logs, errors and plugins
   */
  String requestId();

  /**
   * Returns the session that the proxy serves.
   *
   * @return session id, agent, profile, provider, model and free attributes
   */
  Session session();

  /**
   * Returns the request's head as the client sent it and the plugins before changed it.
   *
   * @return the head; writable only inside {@code onRequest}
   */
  RequestHead request();

  /**
   * Returns the head of the final response.
   *
   * @return the head, writable only inside {@code onResponseHeaders}; null while none has come
   */
  @Nullable ResponseHead response();

  /**
   * Returns when the request's head had been read.
   *
   * @return the instant, by the proxy's clock, to the millisecond
   */
  Instant startTime();

  /**
   * Returns the route that was chosen.
   *
   * @return the route; null in {@code onRequest}, which runs before routing, and when none matched
   */
  @Nullable RouteInfo route();

  /**
   * Returns where the request is sent.
   *
   * @return the upstream's address; null before routing and where a handler answers
   */
  @Nullable Target target();

  /**
   * Returns who asks.
   *
   * @return address and TLS facts of the client's connection
   */
  ClientInfo client();

  /**
   * Returns the address of who sent the request first: what trusted intermediaries before the proxy
   * say in {@code Forwarded} or {@code X-Forwarded-For}, else the address of {@link #client()}.
   *
   * @return the address, without a name; null only where the client's is not known
   */
  default @Nullable InetAddress originalClient() {
    return client().address().getAddress();
  }

  /**
   * Returns what plugins attached to the exchange.
   *
   * @return the live attributes
   */
  Attributes attributes();
}
