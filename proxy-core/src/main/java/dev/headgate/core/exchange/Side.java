package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.core.body.PipeHost;
import dev.headgate.core.chain.Link;
import dev.headgate.core.exchange.ExchangeTimer.Wait;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One direction of an exchange, as the body pipe of that direction sees it. */
final class Side implements PipeHost {
  private final Exchange exchange;
  private final boolean request;

  Side(Exchange exchange, boolean request) {
    this.exchange = exchange;
    this.request = request;
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
