package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Hook;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.body.BodyPipe;
import dev.headgate.core.body.BytesSource;
import dev.headgate.core.body.ChunkPipe;
import dev.headgate.core.body.StraightPipe;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.CodingChain;
import dev.headgate.core.coding.DecodingLimits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.context.LiveRequestHead;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.exchange.ExchangeTimer.Wait;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.overload.AdmissionQueue;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteMatch;
import dev.headgate.core.route.Router;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Steps 3 to 6: the request's hooks, its route, and its way to the upstream. */
final class RequestFlow {
  private final Exchange exchange;
  private final CallContext context;
  private final LiveRequestHead head;
  private @Nullable BodySource source;

  /** What the client's Connection names. */
  private List<String> named = List.of();

  /** Whether the body that is sent is still the one that the client sends, unread. */
  private boolean untouched = true;

  /** Whether the client itself may have asked for an upgrade: only then it understands a 101. */
  private boolean upgradable = true;

  /** Set where the request is meant for a forward proxy, and this is one. */
  private @Nullable ForwardFlow forward;

  private volatile boolean forwarded;
  private volatile @Nullable HeadHooks<?> hooks;
  private volatile @Nullable BodyPipe pipe;
  private volatile @Nullable UpstreamCall call;
  private volatile @Nullable Throwable stopped;

  RequestFlow(Exchange exchange, CallContext context) {
    this.exchange = exchange;
    this.context = context;
    this.head = exchange.facts().request();
    this.source = exchange.inbound().body();
  }

  /** Step 3, behind the check of who asks where this is a forward proxy. */
  void begin() {
    Egress egress = exchange.environment().egress();
    // Who asked for the tunnel was let in, and so is what comes inside.
    boolean inside = exchange.inbound() instanceof InspectedExchange;
    if (egress == null || !head.forProxy() || inside) {
      callHooks();
      return;
    }
    ForwardFlow asked = new ForwardFlow(exchange, egress);
    forward = asked;
    boolean connect = head.method().equals("CONNECT");
    asked.authenticate(
        connect
            ? new ConnectFlow(exchange, this, context, egress)::begin
            : () -> letIn(egress.authenticates()));
  }

  /** What the proxy answers itself is for those only who were let in. */
  private void letIn(boolean checked) {
    Router router = exchange.environment().router();
    DirectResponse own =
        checked ? MaxForwards.answer(exchange.inbound(), head.host(), head.path(), router) : null;
    if (own == null) {
      callHooks();
    } else {
      exchange.heard(false);
      answer(own);
    }
  }

  private void callHooks() {
    named = FieldRules.dropNamed(head.headers());
    Link[] links = exchange.chain().request;
    if (links.length == 0) {
      route();
    } else {
      upgradable = head.headers().contains("Upgrade");
      run(new RequestHooks(exchange, this, context, links, CallContext.Writes.REQUEST));
    }
  }

  CallContext context() {
    return context;
  }

  void run(HeadHooks<?> next) {
    hooks = next;
    next.run();
  }

  void collectBody(Link link, int maxBytes, BodyCollector.Result result) {
    BodySource body = link.isHandler() ? openPipe(head.headers().copy()) : source;
    untouched = false;
    if (body == null) {
      result.collected(ByteBuffer.allocate(0));
      return;
    }
    if (!link.isHandler()) exchange.timer().request(Wait.CLIENT_SENDS);
    BodyCollector.collect(body, maxBytes, result);
  }

  void replaceBody(ByteBuffer body) {
    replaceBody(body, null);
  }

  /** Puts a collected body back, with the trailers behind it. */
  void restoreBody(ByteBuffer body) {
    BodySource before = source;
    replaceBody(body, before == null ? null : before.trailers());
  }

  private void replaceBody(ByteBuffer body, @Nullable HeaderList trailers) {
    exchange.timer().request(null);
    boolean none = source == null && !body.hasRemaining();
    source = none ? null : new BytesSource(body, trailers);
    untouched = false;
  }

  /** Step 4: chooses the route by what the plugins made of the head. */
  void route() {
    exchange.moments().requestHooks();
    String host = head.host();
    ProxyEnvironment environment = exchange.environment();
    RouteMatch match = environment.router().match(host, head.path(), head.method(), head.headers());
    if (match == null && exchange.inbound() instanceof InspectedExchange inside) {
      forwarded = true;
      exchange.facts().target(inside.destination().target());
      send(null, inside.destination(), environment.timeouts());
      return;
    }
    if (match == null) {
      ForwardFlow asked = forward;
      if (asked == null) {
        noRoute(environment, host);
        return;
      }
      forwarded = true;
      Destination own = asked.destination();
      if (own != null) send(null, own, environment.timeouts());
      return;
    }
    Route route = match.route();
    exchange.facts().route(match.info(), route.target());
    Timeouts own = route.timeouts();
    if (own != null) exchange.timer().use(own);
    Turn turn = route.admission() == null ? null : exchange.turn();
    AdmissionQueue queue = turn == null ? null : environment.routeAdmissions().get(route);
    if (turn == null || queue == null) {
      follow(route, own);
    } else {
      turn.take(queue, () -> follow(route, own));
    }
  }

  /** Step 5: the target, or the handler. */
  private void follow(Route route, @Nullable Timeouts own) {
    ProxyEnvironment environment = exchange.environment();
    Destination destination = route.destination();
    if (destination == null) {
      Link handler = environment.handlers().get(route);
      if (handler == null) throw new IllegalStateException("no link for the handler of " + route);
      run(HandlerCall.hooks(exchange, this, context, handler));
    } else {
      send(route, destination, own != null ? own : environment.timeouts());
    }
  }

  private void noRoute(ProxyEnvironment environment, String host) {
    Set<String> methods = environment.router().allowedMethods(host, head.path(), head.headers());
    if (methods.isEmpty()) {
      exchange.fail(
          new ProxyFault(ErrorCode.NO_ROUTE, Phase.ROUTE, "No route matches the request."));
      return;
    }
    String allowed = methods.stream().sorted().collect(Collectors.joining(", "));
    exchange.fail(
        new ClientFault(
            ErrorCode.METHOD_NOT_ALLOWED, Phase.ROUTE, "The route allows " + allowed + " only."),
        List.of(new HeaderField("Allow", allowed)));
  }

  /** Steps 5 and 6: makes the upstream's request and sends it. */
  private void send(@Nullable Route route, Destination destination, Timeouts timeouts) {
    ProxyEnvironment environment = exchange.environment();
    InboundExchange inbound = exchange.inbound();
    // The plugins' view keeps the head as it was routed; the upstream gets a copy.
    HeaderList headers = head.headers().copy();
    boolean trailers = FieldRules.names(headers, "TE", "trailers");
    boolean expects = untouched && headers.contains("Expect");
    String upgrade = upgradable && source == null ? Upgrades.asked(inbound, headers) : null;
    FieldRules.dropHopByHop(headers);
    WebSocketKey key = null;
    if (upgrade != null) {
      Upgrades.ask(headers, upgrade);
      if (inbound.upgradesStream()) key = WebSocketKey.add(headers, upgrade);
    }
    headers.drop("Proxy-Authorization");
    if (!expects) headers.drop("Expect");
    if (trailers) headers.append("TE", "trailers");
    String authority = head.authority();
    String host = route == null ? authority : route.upstreamHost(authority);
    headers.replace("Host", host);
    environment.via().add(headers, head.version());
    ForwardedFields forwardedFields = route == null ? null : route.forwardedFields();
    (forwardedFields != null ? forwardedFields : environment.forwarded())
        .add(headers, inbound.client(), inbound.scheme(), authority);
    ClientCertificateField certificate = environment.clientCertificate();
    if (certificate != null) certificate.set(headers, inbound.client());
    BodySource body = openPipe(headers);
    if (exchange.answered()) return;
    if (body == null) {
      headers.drop("Content-Length");
      if (hasMeaningfulBody(head.method())) headers.append("Content-Length", "0");
    } else {
      FieldRules.setLength(headers, body.length());
    }
    String path = route == null ? head.path() : route.upstreamPath(head.path());
    String query = head.query();
    ParentProxy parent = ForwardFlow.asked(destination);
    if (parent != null) {
      path = destination.target().scheme() + "://" + host + (path.equals("*") ? "" : path);
      String authorization = ForwardFlow.authorization(parent);
      if (authorization != null) headers.append("Proxy-Authorization", authorization);
    }
    UpstreamRequest request =
        new UpstreamRequest(
            destination,
            head.method(),
            query == null ? path : path + "?" + query,
            headers,
            body,
            expects && body != null,
            timeouts.connect().toNanos(),
            timeouts.tls().toNanos());
    UpstreamEvents events =
        new UpstreamEvents(
            exchange, body != null, route == null ? null : route.references(), host, key);
    sent(environment.engine().upstream().send(request, events));
  }

  void sent(UpstreamCall sent) {
    call = sent;
    // An end that came while the request was being sent has not seen the call.
    Throwable reason = stopped;
    if (reason != null) sent.abort(reason);
  }

  /** A POST or PUT without a body says so (RFC 9110 section 8.6). */
  private static boolean hasMeaningfulBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  /** Whether the request went to the target that it names itself. */
  boolean isForwarded() {
    return forwarded;
  }

  /** Step 6: puts the chunk hooks between the body and whoever reads it. */
  private @Nullable BodySource openPipe(HeaderList headers) {
    BodySource body = source;
    if (body == null) return null;
    Link[] links = exchange.chain().requestChunk;
    Side side = new Side(exchange, true, named);
    long maxBytes = exchange.environment().limits().maxBodyBytes();
    if (links.length == 0) {
      StraightPipe straight = new StraightPipe(body, side, maxBytes);
      pipe = straight;
      return straight;
    }
    CodingChain coding = PlainText.coding(exchange, side, links, Hook.REQUEST_CHUNK, headers);
    if (!coding.isIdentity() || changes(links, side)) FieldRules.weakenValidators(headers);
    ChunkPipe opened =
        new ChunkPipe(
            coding.decode(body, DecodingLimits.NONE),
            links,
            Hook.REQUEST_CHUNK,
            context,
            side,
            maxBytes);
    pipe = opened;
    // What the client coded, the upstream gets coded.
    return coding.encode(opened);
  }

  private static boolean changes(Link[] links, Side side) {
    for (Link link : links) {
      if (link.metadata.requestBody() != BodyEffect.OBSERVES && !side.skips(link)) return true;
    }
    return false;
  }

  /** A plugin or handler answers in place of the upstream. */
  void answer(DirectResponse response) {
    exchange.timer().request(null);
    exchange.response().direct(response);
  }

  /** The exchange failed: nothing goes on in this direction. */
  void stop(Throwable reason) {
    stopped = reason;
    HeadHooks<?> running = hooks;
    if (running != null) running.abandon();
    UpstreamCall sent = call;
    if (sent != null) sent.abort(reason);
    BodyPipe open = pipe;
    if (open != null) {
      open.abort(reason);
    } else {
      BodySource unread = source;
      if (unread != null) unread.abort(reason);
    }
  }

  /**
   * The response is complete: what is left of the request's body is of no use any more (rule 25).
   */
  void finish() {
    BodyPipe open = pipe;
    if (open == null || open.finished()) return;
    Throwable reason = new IllegalStateException("the response ended before the request's body");
    stopped = reason;
    UpstreamCall sent = call;
    if (sent != null) sent.abort(reason);
    open.abort(reason);
  }

  long bytes() {
    BodyPipe open = pipe;
    return open == null ? 0 : open.bytesRead();
  }

  HttpVersion version() {
    return head.version();
  }
}
