package dev.headgate.tck.broken;

import dev.headgate.api.Attributes;
import dev.headgate.api.ClientInfo;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Target;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Passes all on to the context within. */
public class ForwardingContext implements ProxyContext {
  private final ProxyContext context;

  /**
   * Wraps it.
   *
   * @param context the context within
   */
  public ForwardingContext(ProxyContext context) {
    this.context = context;
  }

  @Override
  public String requestId() {
    return context.requestId();
  }

  @Override
  public Session session() {
    return context.session();
  }

  @Override
  public RequestHead request() {
    return context.request();
  }

  @Override
  public @Nullable ResponseHead response() {
    return context.response();
  }

  @Override
  public Instant startTime() {
    return context.startTime();
  }

  @Override
  public @Nullable RouteInfo route() {
    return context.route();
  }

  @Override
  public @Nullable Target target() {
    return context.target();
  }

  @Override
  public ClientInfo client() {
    return context.client();
  }

  @Override
  public @Nullable InetAddress originalClient() {
    return context.originalClient();
  }

  @Override
  public Attributes attributes() {
    return context.attributes();
  }
}
