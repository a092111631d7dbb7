package dev.headgate.core.context;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import java.net.InetAddress;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange, common to all its contexts. Thread-safe, as its fields are written
 * once.
 */
public final class ExchangeFacts {
  final Session session;
  final ClientInfo client;
  final long startMillis;
  final LiveRequestHead request;
  final AttributeMap attributes = new AttributeMap();
  volatile @Nullable LiveResponseHead response;
  volatile @Nullable RouteInfo route;
  volatile @Nullable Target target;
  private volatile @Nullable String requestId;
  private volatile @Nullable InetAddress originalClient;

  /**
   * Begins the facts of an exchange.
   *
   * @param session the proxy's session
   * @param client who asks
   * @param startMillis when the head had been read, in milliseconds since 1970
   * @param request the head
   */
  public ExchangeFacts(
      Session session, ClientInfo client, long startMillis, LiveRequestHead request) {
    this.session = session;
    this.client = client;
    this.startMillis = startMillis;
    this.request = request;
  }

  /**
   * Lets the attributes of the CONNECT be seen whose tunnel the request came through.
   *
   * @param connect the facts of the CONNECT
   */
  public void within(ExchangeFacts connect) {
    attributes.within(connect.attributes);
  }

  /**
   * Returns the request id, which is made when it is first asked for. It identifies and is no
   * secret, so it needs no secure randomness.
   *
   * @return a version 4 UUID
   */
  public String requestId() {
    String id = requestId;
    return id != null ? id : makeRequestId();
  }

  private synchronized String makeRequestId() {
    String id = requestId;
    if (id == null) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      long high = (random.nextLong() & ~0xF000L) | 0x4000L;
      long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
      id = new UUID(high, low).toString();
      requestId = id;
    }
    return id;
  }

  /**
   * Sets who sent the request first, where a trusted intermediary said so.
   *
   * @param address the address
   */
  public void originalClient(InetAddress address) {
    originalClient = address;
  }

  @Nullable InetAddress originalClient() {
    InetAddress told = originalClient;
    return told != null ? told : client.address().getAddress();
  }

  /**
   * Returns the request's head.
   *
   * @return the live head
   */
  public LiveRequestHead request() {
    return request;
  }

  /**
   * Sets the final response's head.
   *
   * @param head the live head
   */
  public void response(LiveResponseHead head) {
    response = head;
  }

  /**
   * Sets the target of a request that no route has.
   *
   * @param address the target
   */
  public void target(Target address) {
    target = address;
  }

  /**
   * Sets the route.
   *
   * @param info the route taken
   * @param address where it leads; null where a handler answers
   */
  public void route(RouteInfo info, @Nullable Target address) {
    route = info;
    target = address;
  }
}
