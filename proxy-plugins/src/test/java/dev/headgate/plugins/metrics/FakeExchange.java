package dev.headgate.plugins.metrics;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ClientInfo;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.HostPort;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An exchange, or a CONNECT, with a route and attributes; nothing here asks for more. */
record FakeExchange(Session session, String requestId, RouteInfo route, FakeAttributes attributes)
    implements ConnectContext {
  static FakeExchange of(Session session, String requestId) {
    return new FakeExchange(
        session, requestId, new RouteInfo("api", "/v1/**", Map.of()), new FakeAttributes());
  }

  static FakeExchange withoutRoute(Session session) {
    return new FakeExchange(session, "no-route", null, new FakeAttributes());
  }

  static final class FakeAttributes implements Attributes {
    private final Map<AttributeKey<?>, Object> values = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("unchecked") // put() takes only values of the key's type
    public <T> T get(AttributeKey<T> key) {
      return (T) values.get(key);
    }

    @Override
    public <T> void put(AttributeKey<T> key, T value) {
      values.put(key, value);
    }
  }

  @Override
  public RequestHead request() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ResponseHead response() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Instant startTime() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Target target() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ClientInfo client() {
    throw new UnsupportedOperationException();
  }

  @Override
  public HostPort destination() {
    throw new UnsupportedOperationException();
  }
}
