package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.core.body.PipeHost;
import dev.headgate.core.chain.Link;
import dev.headgate.core.exchange.ExchangeTimer.Wait;
import dev.headgate.core.http.HeaderList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One direction of an exchange, as the body pipe of that direction sees it. */
final class Side implements PipeHost {
  private final Exchange exchange;
  private final boolean request;
  private final List<String> named;

  /** Whether what vouches for the body's bytes no longer holds. */
  private boolean changed;

  /**
   * Makes a side.
   *
   * @param exchange the exchange
   * @param request whether it is the request's
   * @param named the fields that {@code Connection} named in the head, which end here in trailers
   *     too
   */
  Side(Exchange exchange, boolean request, List<String> named) {
    this.exchange = exchange;
    this.request = request;
    this.named = named;
  }

  /** The body is recoded, or a plugin may change it. Told before it is read. */
  void changesBody() {
    changed = true;
  }

  @Override
  public boolean enter() {
    return exchange.enter();
  }

  @Override
  public void exit() {
    exchange.exit();
  }

  @Override
  public boolean skips(Link link) {
    return request ? exchange.skips(link) : exchange.skipsResponse(link);
  }

  @Override
  public void fault(Link link, Hook hook, Throwable cause, String consequence) {
    exchange.fault(link, hook, cause, consequence);
  }

  @Override
  public <T> boolean runBlocking(
      Link link, Callable<T> call, BiConsumer<@Nullable T, @Nullable Throwable> done) {
    return exchange.runBlocking(link, call, done);
  }

  @Override
  public void broken(Throwable reason) {
    // The response's pump sees the failure itself; the request's reader is the upstream client,
    // which can't tell
    // whose fault it is.
    if (request) exchange.requestBodyFailed(reason);
  }

  @Override
  public @Nullable HeaderList trailers(@Nullable HeaderList trailers) {
    if (trailers == null) return null;
    FieldRules.cleanTrailers(trailers, named);
    if (changed) FieldRules.weakenValidators(trailers);
    return trailers.size() == 0 ? null : trailers;
  }

  @Override
  public void awaitingInput() {
    if (request) {
      exchange.timer().clientSends(exchange.requestBytes());
    } else if (exchange.awaitsUpstreamBody()) {
      exchange.timer().response(Wait.UPSTREAM_SENDS);
    }
  }

  @Override
  public void gotInput() {
    // The response's direction goes on to wait for the client when the piece is written.
    if (request) exchange.timer().request(Wait.UPSTREAM_TAKES);
  }
}
