package dev.headgate.core.exchange;

import dev.headgate.api.Attributes;
import dev.headgate.api.ClientInfo;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.HostPort;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The context of a call, with the address that a CONNECT asks for. */
record AskedConnect(ProxyContext call, HostPort destination) implements ConnectContext {
  @Override
  public String requestId() {
    return call.requestId();
  }

  @Override
  public Session session() {
    return call.session();
  }

  @Override
  public RequestHead request() {
    return call.request();
  }

  @Override
  public @Nullable ResponseHead response() {
    return call.response();
  }

  @Override
  public Instant startTime() {
    return call.startTime();
  }

  @Override
  public @Nullable RouteInfo route() {
    return call.route();
  }

  @Override
  public @Nullable Target target() {
    return call.target();
  }

  @Override
  public ClientInfo client() {
    return call.client();
  }

  @Override
  public Attributes attributes() {
    return call.attributes();
  }
}
