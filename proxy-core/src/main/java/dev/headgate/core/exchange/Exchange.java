package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.Outcome;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.HeaderField;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.chain.Link;
import dev.headgate.core.concurrent.BlockingCall;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.context.ExchangeFacts;
import dev.headgate.core.overload.AdmissionQueue;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ProxyErrorException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one exchange, and its end: whether the response has begun, and what becomes of the
 * exchange when something fails. {@link RequestFlow} and {@link ResponseFlow} take it through its
 * steps.
 */
final class Exchange extends Participation implements Runnable, Consumer<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  // What the client has been sent; each exchange goes through these upwards only.
  private static final int OPEN = 0;
  private static final int ANSWERED = 1;
  private static final int ERROR_SENT = 2;
  private static final int ENDED = 3;

  private static final AtomicIntegerFieldUpdater<Exchange> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Exchange.class, "state");
  private static final AtomicReferenceFieldUpdater<Exchange, @Nullable Ending> ENDING =
      AtomicReferenceFieldUpdater.newUpdater(Exchange.class, Ending.class, "ending");

  private final InboundExchange inbound;
  private final ExchangeFactory source;
  private final Gate gate = new Gate(this);
  private final ExchangeTimer timer;
  private final Moments moments;
  private final RequestFlow request;
  private final ResponseFlow response;

  /** Null where all may begin at once. */
  private final @Nullable Turn turn;

  private volatile int statusSent;
  private volatile int state = OPEN;
  private volatile @Nullable Ending ending;

  /** How an exchange ended. */
  private record Ending(Outcome outcome, @Nullable ProxyError error) {
    static final Ending COMPLETED = new Ending(Outcome.COMPLETED, null);
  }

  Exchange(
      ProxyEnvironment environment,
      InboundExchange inbound,
      Chain chain,
      ExchangeFacts facts,
      Deadlines deadlines,
      ExchangeFactory source) {
    super(environment, chain, facts);
    this.inbound = inbound;
    this.source = source;
    this.moments = chain.hearsEnds() ? new Moments(environment.engine()) : Moments.UNHEARD;
    this.timer =
        new ExchangeTimer(
            this, environment.engine(), deadlines, environment.timeouts(), environment.rates());
    this.turn = environment.limitsAdmission() ? new Turn(this) : null;
    this.request = new RequestFlow(this, new CallContext(facts));
    this.response = new ResponseFlow(this);
  }

  /** Step 2: lets the plugins in that may take part, then goes on with the request. */
  void begin() {
    timer.start();
    inbound.onClientGone(this);
    AdmissionQueue admission = environment().admission();
    if (turn == null || admission == null) {
      admitPlugins();
    } else {
      // Until it is its turn no plugin hears of it.
      heard(false);
      turn.take(
          admission,
          () -> {
            heard(true);
            admitPlugins();
          });
    }
  }

  private void admitPlugins() {
    Link barred = admit();
    if (barred == null) {
      request.begin();
    } else {
      fail(PluginErrors.suspended(barred));
    }
  }

  // --- what the flows ask

  InboundExchange inbound() {
    return inbound;
  }

  /** What takes the requests inside a tunnel. */
  InboundHandler source() {
    return source;
  }

  ExchangeTimer timer() {
    return timer;
  }

  Moments moments() {
    return moments;
  }

  /** Whether the request went to the target that it names itself, as through a forward proxy. */
  boolean isForwarded() {
    return request.isForwarded();
  }

  ResponseFlow response() {
    return response;
  }

  @Nullable Turn turn() {
    return turn;
  }

  /** Ends an exchange that waits for its turn, and no other. */
  void stopWaiting(ProxyError error) {
    if (turn != null) turn.stop(error);
  }

  long requestBytes() {
    return request.bytes();
  }

  boolean enter() {
    return gate.enter();
  }

  void exit() {
    gate.exit();
  }

  boolean awaitsUpstreamBody() {
    return response.fromUpstream();
  }

  /** Whether a response or an error has begun to go out, or the exchange is over. */
  boolean answered() {
    return state != OPEN;
  }

  // --- faults of plugins

  /** A deciding hook failed; returns whether the exchange goes on to the next plugin. */
  boolean headFault(Link link, Hook hook, Throwable cause) {
    if (link.isHandler()) {
      LOG.error("[{}] the handler of route {} failed", facts().requestId(), link.id(), cause);
      fail(PluginErrors.handlerFailed(cause));
      return false;
    }
    if (!link.failClosed) {
      fault(link, hook, cause, "failed open: the exchange goes on without it");
      skip(link);
      return true;
    }
    fault(link, hook, cause, "failed closed");
    boolean in = hook == Hook.REQUEST || hook == Hook.CONNECT;
    if (in) enteredUpTo(link);
    fail(PluginErrors.failed(link, hook, in ? Phase.REQUEST_HOOKS : Phase.RESPONSE_HOOKS, cause));
    return false;
  }

  /**
   * Makes a call on the blocking executor; false when the exchange is over, and nothing is told.
   */
  <T> boolean runBlocking(
      Link link, Callable<T> call, BiConsumer<@Nullable T, @Nullable Throwable> done) {
    if (!enter()) return false;
    BlockingCall.run(
        engine(),
        link.metadata.hookDeadline(),
        call,
        (value, reason) -> {
          try {
            done.accept(value, reason);
          } finally {
            exit();
          }
        });
    return true;
  }

  // --- ends

  /** The response's head goes out now; false when the exchange has been ended otherwise. */
  boolean answer(int status) {
    if (!STATE.compareAndSet(this, OPEN, ANSWERED)) return false;
    statusSent = status;
    return true;
  }

  /** Step 11: the response went out in full. */
  void completed() {
    if (STATE.compareAndSet(this, ANSWERED, ENDED)) end(Outcome.COMPLETED, null);
  }

  /** Something failed: an error response where none has begun, else an unclean end. */
  void fail(ProxyError error) {
    fail(error, List.of());
  }

  /** The same, with further fields for an error response. */
  void fail(ProxyError error, List<HeaderField> fields) {
    if (error.code().equals(ErrorCode.CLIENT_GONE)) {
      clientGone(new ProxyErrorException(error));
    } else if (STATE.compareAndSet(this, OPEN, ERROR_SENT)) {
      FailureLog.log(LOG, facts().requestId(), error);
      stopFlows(error);
      sendError(error, fields);
    } else if (STATE.compareAndSet(this, ANSWERED, ENDED)) {
      FailureLog.log(LOG, facts().requestId(), error);
      stopFlows(error);
      inbound.abort(new ProxyErrorException(error));
      end(Outcome.ABORTED, error);
    }
  }

  private void sendError(ProxyError error, List<HeaderField> fields) {
    DirectResponse rendered =
        environment()
            .errors()
            .render(error, facts().requestId(), engine().clock().instant(), fields);
    statusSent = rendered.status();
    timer.response(ExchangeTimer.Wait.CLIENT_TAKES);
    response.afterInterims(
        () -> ErrorResponse.send(inbound, rendered, failed -> errorSent(error, failed)));
  }

  private void errorSent(ProxyError error, @Nullable Throwable failed) {
    if (failed != null) {
      clientGone(failed);
    } else if (STATE.compareAndSet(this, ERROR_SENT, ENDED)) {
      end(Outcome.FAILED, error);
    }
  }

  /** Told by the listener. */
  @Override
  public void accept(Throwable reason) {
    clientGone(reason);
  }

  /** The client went away, which is no error, in whatever phase (rule 23). */
  void clientGone(Throwable reason) {
    if (STATE.getAndSet(this, ENDED) == ENDED) return;
    LOG.debug("[{}] client went away", facts().requestId(), reason);
    stopFlows(
        new ClientFault(
            ErrorCode.CLIENT_GONE, Phase.SEND_RESPONSE, "The client went away.", reason));
    inbound.abort(reason);
    end(Outcome.CLIENT_GONE, null);
  }

  /** The request's body broke: the client did it, or a plugin, or a limit. */
  void requestBodyFailed(Throwable reason) {
    if (reason instanceof ProxyErrorException wrapped) {
      fail(wrapped.error());
    } else {
      clientGone(reason);
    }
  }

  /** The response's body broke (rule 22). */
  void upstreamBodyFailed(Throwable reason) {
    fail(ResponseErrors.broken(reason, response.fromUpstream()));
  }

  void timedOut(ExchangeTimer.Wait wait) {
    if (wait == ExchangeTimer.Wait.ADMISSION && turn != null) {
      turn.expired();
    } else {
      fail(TimeoutErrors.error(wait));
    }
  }

  private void stopFlows(ProxyError error) {
    ProxyErrorException reason = new ProxyErrorException(error);
    request.stop(reason);
    response.stop(reason);
  }

  private void end(Outcome outcome, @Nullable ProxyError error) {
    timer.end();
    if (turn != null) turn.over();
    Ending how = outcome == Outcome.COMPLETED ? Ending.COMPLETED : new Ending(outcome, error);
    ENDING.compareAndSet(this, null, how);
    if (outcome == Outcome.COMPLETED) request.finish();
    gate.close();
  }

  /**
   * Step 12, from the gate: no hook runs any more. Tells each plugin that saw the exchange begin
   * how it ended.
   */
  @Override
  public void run() {
    Ending how = ending;
    if (how == null) throw new IllegalStateException("the gate was closed without an ending");
    if ((how.error() == null ? chain().complete : chain().error).length == 0) {
      closed();
      return;
    }
    ExchangeSummary summary =
        new ExchangeSummary(
            how.outcome(),
            statusSent,
            request.bytes() + response.tunnelBytesIn(),
            response.bytes(),
            moments.timings());
    // Nobody else uses the request's context any more.
    new EndHooks(this, request.context(), how.error(), summary).run();
  }

  /** All plugins have been told. */
  void closed() {
    settle();
    chain().exit();
    source.ended(this);
  }
}
