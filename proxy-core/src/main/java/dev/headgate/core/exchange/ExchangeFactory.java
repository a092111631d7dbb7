package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.config.Limits;
import dev.headgate.core.context.ExchangeFacts;
import dev.headgate.core.context.LiveRequestHead;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import java.net.InetAddress;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps 1 and 2: takes requests from a listener, checks them, and makes an exchange of each. Knows
 * all exchanges of its proxy that have not ended. Thread-safe.
 */
public final class ExchangeFactory implements InboundHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeFactory.class);

  private final ProxyEnvironment environment;
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Deadlines deadlines;
  private volatile boolean stopping;
  private volatile boolean aborting;

  /**
   * Makes a factory.
   *
   * @param environment what its exchanges share
   */
  public ExchangeFactory(ProxyEnvironment environment) {
    this.environment = environment;
    this.deadlines = new Deadlines(environment.engine(), open);
  }

  @Override
  public void handle(InboundExchange inbound) {
    count.incrementAndGet();
    boolean begun = false;
    try {
      RequestTarget target =
          RequestTarget.parse(
              inbound.method(),
              inbound.target(),
              inbound.version(),
              inbound.scheme(),
              inbound.headers());
      if (environment.egress() != null && inbound.asksProxy()) target = target.absolute("http");
      ClientCertificateField certificate = environment.clientCertificate();
      if (certificate != null) certificate.drop(inbound.headers());
      ProxyError refusal = check(inbound, target);
      DirectResponse own =
          refusal != null || mustSayWhoItIs(inbound, target)
              ? null
              : MaxForwards.answer(inbound, target.host(), target.path(), environment.router());
      if (own != null) {
        send(inbound, own);
      } else if (refusal == null) {
        begin(inbound, target);
        begun = true;
      } else {
        refuse(inbound, refusal);
      }
    } catch (BadTargetException e) {
      refuse(inbound, e.fault());
    } catch (RuntimeException e) {
      LOG.error("an exchange could not be begun", e);
      inbound.abort(e);
    } finally {
      if (!begun) leave();
    }
  }

  /** Whether the client is let in first, in an exchange. */
  private boolean mustSayWhoItIs(InboundExchange inbound, RequestTarget target) {
    Egress egress = environment.egress();
    return egress != null
        && egress.authenticates()
        && target.form() == RequestTarget.Form.ABSOLUTE
        && !(inbound instanceof InspectedExchange);
  }

  private void begin(InboundExchange inbound, RequestTarget target) {
    Chain chain = environment.chain().get();
    while (!chain.enter()) chain = environment.chain().get();
    environment.trusted().filter(inbound.headers(), inbound.client());
    InetAddress original = environment.trusted().original(inbound.headers(), inbound.client());
    LiveRequestHead head =
        new LiveRequestHead(inbound.method(), target, inbound.version(), inbound.headers());
    ExchangeFacts facts =
        new ExchangeFacts(
            environment.session(), inbound.client(), environment.engine().clock().millis(), head);
    if (original != null) facts.originalClient(original);
    if (inbound instanceof InspectedExchange inside) facts.within(inside.connect());
    Exchange exchange = new Exchange(environment, inbound, chain, facts, deadlines, this);
    open.add(exchange);
    try {
      exchange.begin();
    } catch (RuntimeException e) {
      exchange.fail(
          new ProxyFault(ErrorCode.INTERNAL, Phase.REQUEST_HOOKS, "The proxy failed.", e));
    }
    if (stopping) exchange.stopWaiting(stoppingError());
    // One that was let in just before the stop began may have come too late for abortAll().
    if (aborting) exchange.fail(stoppingError());
  }

  void ended(Exchange exchange) {
    open.remove(exchange);
    leave();
  }

  private void leave() {
    if (count.decrementAndGet() == 0 && stopping) {
      deadlines.close();
      drained.complete(null);
    }
  }

  private @Nullable ProxyError check(InboundExchange inbound, RequestTarget target) {
    HeaderList headers = inbound.headers();
    if (stopping) {
      return new ProxyFault(ErrorCode.STOPPING, Phase.RECEIVE_REQUEST, "The proxy is stopping.");
    }
    boolean connect = inbound.method().equals("CONNECT");
    Egress egress = environment.egress();
    boolean forwards = egress != null;
    InspectedExchange inside = inbound instanceof InspectedExchange within ? within : null;
    if (connect && inside != null) {
      return client(ErrorCode.NOT_IMPLEMENTED, "There are no tunnels inside a tunnel.");
    }
    // It goes where the tunnel leads: a plugin that gives a host its secret must not be misled.
    if (inside != null && !inside.isFor(target)) {
      return client(ErrorCode.HOST_NOT_ALLOWED, "The tunnel does not lead to this host.");
    }
    if (connect && (egress == null || !egress.tunnels())) {
      return client(ErrorCode.NOT_IMPLEMENTED, "This proxy opens no tunnels.");
    }
    if (connect && inbound.body() != null) {
      return client(ErrorCode.BAD_REQUEST, "A CONNECT has no body.");
    }
    // A page in a browser can't write a target that names a host, unless the proxy is meant for it.
    boolean forProxy =
        inside != null || (forwards && (connect || target.form() == RequestTarget.Form.ABSOLUTE));
    if (!forProxy && !environment.hosts().allows(target.host())) {
      return client(ErrorCode.HOST_NOT_ALLOWED, "The Host is not one that this listener serves.");
    }
    if (FieldRules.unknownTransferCoding(headers) != null) {
      return client(ErrorCode.NOT_IMPLEMENTED, "The transfer coding is not implemented.");
    }
    if (headers.size() > environment.limits().maxFields()) {
      return client(
          ErrorCode.FIELDS_TOO_LARGE,
          "The request has more than " + environment.limits().maxFields() + " fields.");
    }
    String expect = headers.get("Expect");
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return client(ErrorCode.EXPECTATION_FAILED, "The expectation can't be met.");
    }
    BodySource body = inbound.body();
    Limits limits = environment.limits();
    if (body != null && limits.maxBodyBytes() >= 0 && body.length() > limits.maxBodyBytes()) {
      return client(
          ErrorCode.BODY_TOO_LARGE,
          "The request's body is over the limit of " + limits.maxBodyBytes() + " bytes.");
    }
    if (environment.via().isIn(headers)) {
      return new ProxyFault(
          ErrorCode.LOOP, Phase.RECEIVE_REQUEST, "The request has come through this proxy before.");
    }
    return null;
  }

  private static ProxyError client(ErrorCode code, String detail) {
    return new ClientFault(code, Phase.RECEIVE_REQUEST, detail);
  }

  private void refuse(InboundExchange inbound, ProxyError error) {
    String id = UUID.randomUUID().toString();
    LOG.debug("[{}] refused: {}", id, error.code().id());
    send(inbound, environment.errors().render(error, id, environment.engine().clock().instant()));
  }

  private static void send(InboundExchange inbound, DirectResponse response) {
    inbound.onClientGone(reason -> LOG.debug("client went away before its answer", reason));
    ErrorResponse.send(
        inbound,
        response,
        failed -> {
          if (failed != null) inbound.abort(failed);
        });
  }

  @Override
  public DirectResponse reject(ErrorCode code, String detail) {
    return environment
        .errors()
        .render(
            client(code, detail),
            UUID.randomUUID().toString(),
            environment.engine().clock().instant());
  }

  /**
   * Refuses further exchanges from now on.
   *
   * @return complete when none is left
   */
  public CompletableFuture<Void> drain() {
    count.incrementAndGet();
    stopping = true;
    for (Exchange exchange : open) exchange.stopWaiting(stoppingError());
    leave();
    return drained;
  }

  /** Aborts what is left, and what begins yet. */
  public void abortAll() {
    aborting = true;
    ProxyError error = stoppingError();
    for (Exchange exchange : open) {
      exchange.fail(error);
    }
  }

  private static ProxyError stoppingError() {
    return new ProxyFault(ErrorCode.STOPPING, Phase.SEND_RESPONSE, "The proxy is stopping.");
  }

  /**
   * Returns how many exchanges have not ended.
   *
   * @return 0 or more
   */
  public int inFlight() {
    return open.size();
  }
}
