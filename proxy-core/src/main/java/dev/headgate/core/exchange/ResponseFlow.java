package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Hook;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.body.BytesSource;
import dev.headgate.core.body.ChunkPipe;
import dev.headgate.core.body.StraightPipe;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.CodingChain;
import dev.headgate.core.coding.DecodingLimits;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.context.LiveResponseHead;
import dev.headgate.core.error.ErrorRenderer;
import dev.headgate.core.exchange.ExchangeTimer.Wait;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.Tunnel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Steps 7 to 10: the response's head, its hooks, and its way to the client. */
final class ResponseFlow {
  private final Exchange exchange;
  private @Nullable CallContext context;

  // Guarded by this.
  private @Nullable InterimQueue interims;
  private boolean finalBegun;

  private @Nullable LiveResponseHead head;
  private volatile @Nullable BodySource source;
  private volatile @Nullable ResponseHooks hooks;
  private volatile @Nullable ResponsePump pump;
  private volatile @Nullable Throwable stopped;
  private volatile boolean fromUpstream;
  private volatile @Nullable TunnelFlow tunnel;
  private String protocol = "";

  /** What Connection named in the upstream's head. */
  private List<String> named = List.of();

  ResponseFlow(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Made for the first hook that is called. */
  private CallContext context() {
    CallContext made = context;
    if (made == null) {
      made = new CallContext(exchange.facts());
      context = made;
    }
    return made;
  }

  LiveResponseHead head() {
    return Objects.requireNonNull(head, "no response yet");
  }

  /** Whether the body comes from the upstream, so that its pauses are measured. */
  boolean fromUpstream() {
    return fromUpstream;
  }

  void interim(int status, HeaderList headers) {
    InterimQueue queue;
    boolean first;
    synchronized (this) {
      if (finalBegun) return;
      queue = interims == null ? new InterimQueue(exchange) : interims;
      interims = queue;
      first = queue.add(status, headers);
    }
    if (first) queue.write(status, headers);
  }

  /** Runs a write of its own once all interim responses are out. */
  void afterInterims(Runnable write) {
    InterimQueue queue;
    synchronized (this) {
      finalBegun = true;
      queue = interims;
    }
    if (queue == null) {
      write.run();
    } else {
      queue.thenRun(write);
    }
  }

  /** Step 7: the upstream's final head came. */
  void fromUpstream(int status, HeaderList headers, @Nullable BodySource body) {
    exchange.moments().responseHead();
    exchange.timer().response(null);
    named = FieldRules.dropHopByHop(headers);
    addVia(headers);
    fromUpstream = true;
    begin(status, headers, body);
  }

  /** Step 7: the upstream switched protocols, as the client had asked for (rule 17). */
  void switched(int status, HeaderList headers, Tunnel opened) {
    exchange.moments().responseHead();
    exchange.timer().response(null);
    protocol = String.join(", ", headers.all("Upgrade"));
    FieldRules.dropHopByHop(headers);
    addVia(headers);
    tunnel = new TunnelFlow(exchange, opened);
    begin(status, headers, null);
  }

  /** A forward proxy says in responses too that it is there; a gateway need not (rule 3). */
  private void addVia(HeaderList headers) {
    if (exchange.isForwarded()) exchange.environment().via().add(headers, HttpVersion.HTTP_1_1);
  }

  /** The connection that a CONNECT asked for is open. No hook decides on this head. */
  void connected(Tunnel opened) {
    TunnelFlow opening = new TunnelFlow(exchange, opened);
    tunnel = opening;
    Throwable reason = stopped;
    if (reason != null) {
      opening.stop(reason);
      return;
    }
    LiveResponseHead live = new LiveResponseHead(200, new HeaderList(2));
    head = live;
    exchange.facts().response(live);
    HeaderList headers = live.headers().copy();
    String note = exchange.failOpenNote();
    if (note != null) headers.append(ErrorRenderer.PROXY_STATUS, note);
    opening.open(200, headers);
  }

  /** The upstream of a CONNECT is verified: what is inside becomes exchanges of their own. */
  void inspected(SSLEngine engine, InspectedHandler inside) {
    if (!exchange.answer(200)) return;
    LiveResponseHead live = new LiveResponseHead(200, new HeaderList(2));
    head = live;
    exchange.facts().response(live);
    HeaderList headers = live.headers().copy();
    String note = exchange.failOpenNote();
    if (note != null) headers.append(ErrorRenderer.PROXY_STATUS, note);
    exchange.timer().request(null);
    exchange.timer().response(ExchangeTimer.Wait.CLIENT_TAKES);
    exchange
        .inbound()
        .inspect(
            headers,
            engine,
            inside,
            new Completion() {
              @Override
              public void succeeded() {
                exchange.completed();
              }

              @Override
              public void failed(Throwable reason) {
                exchange.clientGone(reason);
              }
            });
  }

  /** A plugin answers, so that there will be no tunnel. */
  private void giveUpTunnel() {
    TunnelFlow unwanted = tunnel;
    tunnel = null;
    if (unwanted != null) unwanted.stop(new IllegalStateException("a plugin replaced the 101"));
  }

  /** Whether the head is that of a tunnel, which has no body. */
  boolean opensTunnel() {
    return tunnel != null;
  }

  /** A plugin's or a handler's answer. */
  void direct(Link link, DirectResponse response) {
    direct(response, DirectBody.open(exchange, link, Hook.REQUEST, response));
  }

  /** The proxy's own answer, which is no stream. */
  void own(DirectResponse response) {
    direct(response, new BytesSource(((DirectResponse.Bytes) response.body()).bytes()));
  }

  private void direct(DirectResponse response, BodySource body) {
    HeaderList headers = HeaderList.of(response.headers());
    FieldRules.dropHopByHop(headers);
    headers.drop("Content-Length");
    begin(response.status(), headers, body);
  }

  /** Step 8. */
  private void begin(int status, HeaderList headers, @Nullable BodySource body) {
    source = body;
    Throwable reason = stopped;
    if (reason != null) {
      if (body != null) body.abort(reason);
      TunnelFlow unwanted = tunnel;
      if (unwanted != null) unwanted.stop(reason);
      return;
    }
    LiveResponseHead live = new LiveResponseHead(status, headers);
    head = live;
    exchange.facts().response(live);
    Link[] links = exchange.chain().responseHeaders;
    if (links.length == 0) {
      send();
    } else {
      ResponseHooks running = new ResponseHooks(exchange, this, context(), links);
      hooks = running;
      running.run();
    }
  }

  void collectBody(Link link, int maxBytes, BodyCollector.Result result) {
    BodySource body = source;
    if (body == null) {
      result.collected(ByteBuffer.allocate(0));
    } else {
      if (fromUpstream) exchange.timer().response(Wait.UPSTREAM_SENDS);
      BodyCollector.collect(body, maxBytes, result);
    }
  }

  /** Puts a collected body back. */
  void restoreBody(ByteBuffer body) {
    exchange.timer().response(null);
    BodySource before = source;
    if (before != null) source = new BytesSource(body, BytesSource.trailersBehind(before));
  }

  /** Puts another body in place, with the trailers that came behind the one before. */
  void replaceBody(ByteBuffer body) {
    BodySource before = source;
    HeaderList trailers = before == null ? null : BytesSource.trailersBehind(before);
    if (before != null) before.abort(new IllegalStateException("a plugin replaced the body"));
    FieldRules.weakenValidators(head().headers());
    if (trailers != null) FieldRules.weakenValidators(trailers);
    source = new BytesSource(body, trailers);
    fromUpstream = false;
  }

  /** A plugin put another response in place of the one that came. */
  void replace(Link link, DirectResponse response) {
    BodySource before = source;
    if (before != null) before.abort(new IllegalStateException("a plugin replaced the response"));
    giveUpTunnel();
    exchange.respondedBy(link);
    HeaderList headers = HeaderList.of(response.headers());
    FieldRules.dropHopByHop(headers);
    headers.drop("Content-Length");
    LiveResponseHead live = new LiveResponseHead(response.status(), headers);
    head = live;
    exchange.facts().response(live);
    source = DirectBody.open(exchange, link, Hook.RESPONSE_HEADERS, response);
    fromUpstream = false;
  }

  /** Step 9: the head is decided; step 10, the body, begins. */
  void send() {
    LiveResponseHead live = head();
    HeaderList headers = live.headers().copy();
    // How the next hop is spoken to is not for a plugin to say, either.
    if (exchange.chain().responseHeaders.length != 0) FieldRules.dropHopByHop(headers);
    int status = live.status();
    TunnelFlow opening = tunnel;
    if (opening != null) {
      headers.append("Connection", "Upgrade");
      headers.append("Upgrade", protocol);
      String note = exchange.failOpenNote();
      if (note != null) headers.append(ErrorRenderer.PROXY_STATUS, note);
      afterInterims(() -> opening.open(status, headers));
      return;
    }
    if (Upgrades.misleads(exchange.inbound(), status)) {
      exchange.fail(Upgrades.notSwitched(fromUpstream));
      return;
    }
    // The client's own method frames its response, whatever the upstream was asked.
    boolean head = exchange.inbound().method().equals("HEAD");
    BodySource body = source;
    if (body == null || head || status == 204 || status == 304) {
      sendBodyless(status, headers, body, head);
      return;
    }
    Link[] links = exchange.chain().responseChunk;
    Side side = new Side(exchange, false, named);
    if (links.length != 0 && fromUpstream && FieldRules.mustStay(status, headers)) {
      for (Link link : links) exchange.leaveBody(link, headers.contains("Content-Encoding"));
    }
    if (links.length == 0) {
      FieldRules.setLength(headers, body.length());
      start(status, headers, new StraightPipe(body, side, -1));
      return;
    }
    CodingChain coding = PlainText.coding(exchange, side, links, Hook.RESPONSE_CHUNK, headers);
    if (exchange.answered()) return;
    if (changes(links, side)) {
      FieldRules.weakenValidators(headers);
      side.changesBody();
    }
    ChunkPipe pipe =
        new ChunkPipe(
            coding.decode(body, DecodingLimits.NONE),
            links,
            Hook.RESPONSE_CHUNK,
            context(),
            side,
            -1);
    BodySource out = pipe;
    if (!coding.isIdentity()) {
      String value = String.join(", ", headers.all("Content-Encoding"));
      String accepted = exchange.facts().request().headers().get("Accept-Encoding");
      if (exchange.environment().codings().acceptable(accepted, value)) {
        out = coding.encode(pipe);
      } else {
        headers.drop("Content-Encoding");
      }
      FieldRules.weakenValidators(headers);
      side.changesBody();
    }
    FieldRules.setLength(headers, out.length());
    start(status, headers, out);
  }

  private static boolean changes(Link[] links, Side side) {
    for (Link link : links) {
      if (link.metadata.responseBody() != BodyEffect.OBSERVES && !side.skips(link)) return true;
    }
    return false;
  }

  /** Whether the body that a GET would have got is of another length than the upstream says. */
  private boolean changesLength() {
    for (Link link : exchange.chain().responseChunk) {
      if (link.metadata.responseBody() == BodyEffect.CHANGES_LENGTH
          && !exchange.skipsResponse(link)) {
        return true;
      }
    }
    return false;
  }

  private void sendBodyless(
      int status, HeaderList headers, @Nullable BodySource body, boolean head) {
    if (body != null) {
      if (head && !fromUpstream) FieldRules.setLength(headers, body.length());
      body.abort(new IllegalStateException("a response without a body had one"));
    }
    if (head && changesLength()) headers.drop("Content-Length");
    if (!head && status != 304) {
      headers.drop("Content-Length");
      if (status != 204) headers.append("Content-Length", "0");
    }
    start(status, headers, null);
  }

  private void start(int status, HeaderList headers, @Nullable BodySource body) {
    ResponsePump made = new ResponsePump(exchange, status, headers, body);
    pump = made;
    Throwable reason = stopped;
    if (reason != null) {
      made.abort(reason);
    } else {
      afterInterims(made);
    }
  }

  /** The exchange failed: nothing goes on in this direction. */
  void stop(Throwable reason) {
    stopped = reason;
    ResponseHooks deciding = hooks;
    if (deciding != null) deciding.abandon();
    TunnelFlow open = tunnel;
    if (open != null) open.stop(reason);
    ResponsePump running = pump;
    BodySource body = source;
    if (running != null) {
      running.abort(reason);
    } else if (body != null) {
      body.abort(reason);
    }
  }

  /** How many bytes of a tunnel came from the client. */
  long tunnelBytesIn() {
    TunnelFlow open = tunnel;
    return open == null ? 0 : open.bytesIn();
  }

  long bytes() {
    TunnelFlow open = tunnel;
    if (open != null) return open.bytesOut();
    ResponsePump running = pump;
    return running == null ? 0 : running.bytes();
  }
}
