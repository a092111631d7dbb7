package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.body.BodyLimit;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Step 3: {@code onRequest}, by ascending priority. */
class RequestHooks extends HeadHooks<RequestDecision> {
  private final RequestFlow flow;

  RequestHooks(
      Exchange exchange,
      RequestFlow flow,
      CallContext context,
      Link[] links,
      CallContext.Writes writes) {
    super(exchange, context, links, Hook.REQUEST, writes);
    this.flow = flow;
  }

  @Override
  RequestDecision call(Link link, ProxyContext ctx) throws Exception {
    return link.interceptor.onRequest(ctx);
  }

  @Override
  Kind kind(RequestDecision decision) {
    if (decision == RequestDecision.Proceed.INSTANCE) return Kind.PROCEED;
    if (decision instanceof RequestDecision.Edit) return Kind.EDIT;
    if (decision instanceof RequestDecision.Later) return Kind.LATER;
    if (decision instanceof RequestDecision.WithBody) return Kind.COLLECT;
    return Kind.OTHER;
  }

  @Override
  RequestDecision proceed() {
    return RequestDecision.proceed();
  }

  @Override
  Consumer<? super ProxyContext> edits(RequestDecision decision) {
    return ((RequestDecision.Edit) decision).edits();
  }

  @Override
  CompletionStage<? extends RequestDecision> stage(RequestDecision decision) {
    return ((RequestDecision.Later) decision).stage();
  }

  @Override
  int maxBytes(RequestDecision decision) {
    return ((RequestDecision.WithBody) decision).maxBytes();
  }

  @Override
  Function<? super CollectedBody, ? extends RequestDecision> then(RequestDecision decision) {
    return ((RequestDecision.WithBody) decision).then();
  }

  @Override
  HeaderList headers() {
    return exchange.facts().request().headers();
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
  boolean carryOut(Link link, RequestDecision decision) {
    if (decision instanceof RequestDecision.ProceedWithBody replaced) {
      if (link.metadata.plainText()) headers().drop("Content-Encoding");
      FieldRules.weakenValidators(headers());
      flow.replaceBody(replaced.body());
      return true;
    }
    exchange.enteredUpTo(link);
    if (decision instanceof RequestDecision.Respond respond) {
      flow.answer(link, respond.response());
    } else if (decision instanceof RequestDecision.Fail fail) {
      exchange.fail(fail.error());
    }
    return false;
  }

  @Override
  void tooLarge(Link link, int maxBytes) {
    exchange.enteredUpTo(link);
    exchange.fail(BodyLimit.exceeded(maxBytes).error());
  }

  @Override
  void bodyFailed(Throwable reason) {
    exchange.requestBodyFailed(reason);
  }

  @Override
  void completed() {
    flow.route();
  }
}
