package dev.headgate.plugins.support;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ClientInfo;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One exchange, with just enough of the engine to call the hooks of a plugin in it. */
public final class FakeProxyContext implements ConnectContext {
  private final String requestId;
  private final Session session;
  private final FakeRequestHead request = new FakeRequestHead();
  private @Nullable FakeResponseHead response;
  private final FakeAttributes attributes = new FakeAttributes();

  private FakeProxyContext(String requestId, Session session) {
    this.requestId = requestId;
    this.session = session;
  }

  /** Begins a GET of {@code /} with id {@code request-1}, in a session {@code session-1}. */
  public static FakeProxyContext get() {
    return get(Session.builder("session-1").build());
  }

  public static FakeProxyContext get(Session session) {
    return get("request-1", session);
  }

  public static FakeProxyContext get(String requestId, Session session) {
    return new FakeProxyContext(requestId, session);
  }

  public FakeProxyContext method(String method) {
    request.method = method;
    return this;
  }

  public FakeProxyContext authority(String authority) {
    request.authority = authority;
    return this;
  }

  public FakeProxyContext path(String path) {
    request.path = path;
    return this;
  }

  public FakeProxyContext query(@Nullable String query) {
    request.query = query;
    return this;
  }

  public FakeProxyContext header(String name, String value) {
    request.headers.receive(name, value);
    return this;
  }

  public FakeProxyContext status(int status) {
    response = new FakeResponseHead(status);
    return this;
  }

  public FakeProxyContext responseHeader(String name, String value) {
    if (response == null) throw new IllegalStateException("no status yet");
    response.headers.receive(name, value);
    return this;
  }

  /** Calls {@code onRequest} as the engine does: the head is writable until it returns. */
  public RequestDecision onRequest(Interceptor interceptor) throws Exception {
    request.headers.writable = true;
    try {
      return interceptor.onRequest(this);
    } finally {
      request.headers.writable = false;
    }
  }

  /** Calls {@code onRequest}, and does what a decision that is not for later says. */
  public FakeProxyContext sendThrough(Interceptor interceptor) throws Exception {
    follow(onRequest(interceptor));
    return this;
  }

  /** Does what a decision to go on says. */
  public void follow(RequestDecision decision) {
    if (decision instanceof RequestDecision.Edit edit) {
      request.headers.writable = true;
      try {
        edit.edits().accept(this);
      } finally {
        request.headers.writable = false;
      }
    } else if (decision != RequestDecision.proceed()) {
      throw new AssertionError("not a decision to go on: " + decision);
    }
  }

  /** Calls {@code onResponseHeaders} with a response of that status. */
  public ResponseDecision answer(int status, Interceptor interceptor) throws Exception {
    status(status);
    return interceptor.onResponseHeaders(this);
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public Session session() {
    return session;
  }

  @Override
  public FakeRequestHead request() {
    return request;
  }

  /** Returns the request's fields. */
  public FakeHeaders headers() {
    return request.headers;
  }

  @Override
  public @Nullable FakeResponseHead response() {
    return response;
  }

  @Override
  public Instant startTime() {
    return Instant.EPOCH;
  }

  @Override
  public @Nullable RouteInfo route() {
    return null;
  }

  @Override
  public @Nullable Target target() {
    return null;
  }

  @Override
  public ClientInfo client() {
    return new ClientInfo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), null);
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }

  @Override
  public HostPort destination() {
    return new HostPort("db.example", 443);
  }

  private static final class FakeAttributes implements Attributes {
    private final Map<AttributeKey<?>, Object> values = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(AttributeKey<T> key) {
      return (T) values.get(key);
    }

    @Override
    public <T> void put(AttributeKey<T> key, @Nullable T value) {
      if (value == null) {
        values.remove(key);
      } else {
        values.put(key, value);
      }
    }
  }
}
