package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Step 8: {@code onResponseHeaders}, by descending priority. */
final class ResponseHooks extends HeadHooks<ResponseDecision> {
  private final ResponseFlow flow;

  ResponseHooks(Exchange exchange, ResponseFlow flow, CallContext context, Link[] links) {
    super(exchange, context, links, Hook.RESPONSE_HEADERS, CallContext.Writes.RESPONSE);
    this.flow = flow;
  }

  @Override
  ResponseDecision call(Link link, ProxyContext ctx) throws Exception {
    return link.interceptor.onResponseHeaders(ctx);
  }

  @Override
  boolean skips(Link link) {
    return exchange.skipsResponseHead(link);
  }

  @Override
  Kind kind(ResponseDecision decision) {
    if (decision == ResponseDecision.Proceed.INSTANCE) return Kind.PROCEED;
    if (decision instanceof ResponseDecision.Edit) return Kind.EDIT;
    if (decision instanceof ResponseDecision.Later) return Kind.LATER;
    if (decision instanceof ResponseDecision.WithBody) return Kind.COLLECT;
    return Kind.OTHER;
  }

  @Override
  ResponseDecision proceed() {
    return ResponseDecision.proceed();
  }

  @Override
  Consumer<? super ProxyContext> edits(ResponseDecision decision) {
    return ((ResponseDecision.Edit) decision).edits();
  }

  @Override
  CompletionStage<? extends ResponseDecision> stage(ResponseDecision decision) {
    return ((ResponseDecision.Later) decision).stage();
  }

  @Override
  int maxBytes(ResponseDecision decision) {
    return ((ResponseDecision.WithBody) decision).maxBytes();
  }

  @Override
  Function<? super CollectedBody, ? extends ResponseDecision> then(ResponseDecision decision) {
    return ((ResponseDecision.WithBody) decision).then();
  }

  @Override
  HeaderList headers() {
    return flow.head().headers();
  }

  @Override
  void collect(Link link, int maxBytes, BodyCollector.Result result) {
    flow.collectBody(link, maxBytes, result);
  }

  @Override
  void restore(ByteBuffer body) {
    flow.restoreBody(body);
  }

  @Override
  boolean carryOut(Link link, ResponseDecision decision) {
    if (decision instanceof ResponseDecision.ProceedWithBody replaced) {
      if (flow.opensTunnel()) {
        return exchange.headFault(
            link, Hook.RESPONSE_HEADERS, new IllegalStateException("a 101 can't have a body"));
      }
      if (link.metadata.plainText()) headers().drop("Content-Encoding");
      flow.replaceBody(replaced.body());
      return true;
    }
    if (decision instanceof ResponseDecision.Replace replace) {
      flow.replace(link, replace.response());
      return true;
    }
    if (decision instanceof ResponseDecision.Fail fail) exchange.fail(fail.error());
    return false;
  }

  @Override
  void tooLarge(Link link, int maxBytes) {
    exchange.fail(
        new UpstreamFault(
            ErrorCode.RESPONSE_TOO_LARGE,
            Phase.RESPONSE_HOOKS,
            "The response's body is over the limit of " + maxBytes + " bytes.",
            false,
            null));
  }

  @Override
  void bodyFailed(Throwable reason) {
    exchange.upstreamBodyFailed(reason);
  }

  @Override
  void completed() {
    flow.send();
  }
}
