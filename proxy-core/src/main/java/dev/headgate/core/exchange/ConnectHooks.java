package dev.headgate.core.exchange;

import dev.headgate.api.ConnectDecision;
import dev.headgate.api.Hook;
import dev.headgate.api.HostPort;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Step 3 of a CONNECT: {@code onConnect}, by ascending priority. There is no body to ask for. */
final class ConnectHooks extends HeadHooks<ConnectDecision> {
  private final ConnectFlow flow;
  private final HostPort asked;

  ConnectHooks(
      Exchange exchange, ConnectFlow flow, CallContext context, Link[] links, HostPort asked) {
    super(exchange, context, links, Hook.CONNECT, CallContext.Writes.NOTHING);
    this.flow = flow;
    this.asked = asked;
  }

  @Override
  ConnectDecision call(Link link, ProxyContext ctx) throws Exception {
    return link.interceptor.onConnect(new AskedConnect(ctx, asked));
  }

  @Override
  Kind kind(ConnectDecision decision) {
    if (decision == ConnectDecision.Proceed.INSTANCE) return Kind.PROCEED;
    return decision instanceof ConnectDecision.Later ? Kind.LATER : Kind.OTHER;
  }

  @Override
  ConnectDecision proceed() {
    return ConnectDecision.proceed();
  }

  @Override
  Consumer<? super ProxyContext> edits(ConnectDecision decision) {
    throw new IllegalArgumentException("a CONNECT is not edited");
  }

  @Override
  CompletionStage<? extends ConnectDecision> stage(ConnectDecision decision) {
    return ((ConnectDecision.Later) decision).stage();
  }

  @Override
  int maxBytes(ConnectDecision decision) {
    throw new IllegalArgumentException("a CONNECT has no body");
  }

  @Override
  Function<? super CollectedBody, ? extends ConnectDecision> then(ConnectDecision decision) {
    throw new IllegalArgumentException("a CONNECT has no body");
  }

  @Override
  HeaderList headers() {
    return exchange.facts().request().headers();
  }

  @Override
  void collect(Link link, int maxBytes, BodyCollector.Result result) {
    throw new IllegalStateException("a CONNECT has no body");
  }

  @Override
  void restore(ByteBuffer body) {
    throw new IllegalStateException("a CONNECT has no body");
  }

  @Override
  boolean carryOut(Link link, ConnectDecision decision) {
    exchange.enteredUpTo(link);
    if (decision instanceof ConnectDecision.Tunnel tunnel) {
      flow.open(tunnel.address());
    } else if (decision instanceof ConnectDecision.Inspect inspect) {
      flow.inspect(inspect.address());
    } else if (decision instanceof ConnectDecision.Refuse refuse) {
      exchange.fail(refuse.error());
    }
    return false;
  }

  @Override
  void tooLarge(Link link, int maxBytes) {
    throw new IllegalStateException("a CONNECT has no body");
  }

  @Override
  void bodyFailed(Throwable reason) {
    exchange.requestBodyFailed(reason);
  }

  @Override
  void completed() {
    flow.decided();
  }
}
