package dev.headgate.examples.quickstart;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.plugins.metrics.MetricsCollector;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Counts the tokens of answers that are event streams, and adds them to the session's metrics. It
 * looks only: every chunk goes on untouched, the moment it comes.
 */
final class TokenCounterPlugin implements ProxyPlugin {
  private static final AttributeKey<Count> COUNT = AttributeKey.named("token-counter.count");

  private final Consumer<? super Answer> told;

  /**
   * What was counted in one answer.
   *
   * @param requestId the exchange's id
   * @param status the status that the client got
   * @param tokens how many tokens; 0 for what is no event stream
   * @param bytes bytes of the answer's body
   * @param firstByte when the first byte came, from the request's head on; negative for none
   * @param end when the exchange ended, likewise
   */
  record Answer(
      String requestId, int status, int tokens, long bytes, Duration firstByte, Duration end) {}

  /** The count of one exchange; written by its response's direction only. */
  private static final class Count {
    final AnswerText text = new AnswerText();
    int tokens;
  }

  /**
   * Makes the plugin.
   *
   * @param told told of each answer, on the exchange's thread
   */
  TokenCounterPlugin(Consumer<? super Answer> told) {
    this.told = told;
  }

  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder("token-counter")
        .priority(200)
        .observesBodies()
        .plainText()
        .build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return new Interceptor() {
      @Override
      public ResponseDecision onResponseHeaders(ProxyContext ctx) {
        ResponseHead response = ctx.response();
        String type = response == null ? null : response.headers().get("Content-Type");
        if (type != null && type.startsWith("text/event-stream")) {
          ctx.attributes().put(COUNT, new Count());
        }
        return ResponseDecision.proceed();
      }

      // tag::observe[]
      @Override
      public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
        Count count = ctx.attributes().get(COUNT);
        if (count != null) count.tokens += count.text.feed(chunk.bytes()).size();
      }

      // end::observe[]

      @Override
      public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
        tell(ctx, summary);
      }

      @Override
      public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
        tell(ctx, summary);
      }
    };
  }

  private void tell(ProxyContext ctx, ExchangeSummary summary) {
    Count count = ctx.attributes().get(COUNT);
    int tokens = count == null ? 0 : count.tokens;
    MetricsCollector metrics = ctx.attributes().get(MetricsCollector.KEY);
    if (metrics != null && tokens > 0) metrics.count("tokens", tokens);
    told.accept(
        new Answer(
            ctx.requestId(),
            summary.status(),
            tokens,
            summary.responseBytes(),
            Duration.ofNanos(summary.timings().firstByte()),
            summary.timings().total()));
  }
}
