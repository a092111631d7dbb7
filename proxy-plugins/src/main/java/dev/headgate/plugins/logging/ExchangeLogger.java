package dev.headgate.plugins.logging;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Locale;
import org.slf4j.event.Level;

/** Logs the heads, the end and the errors of the exchanges of one proxy. Bodies pass it by. */
class ExchangeLogger implements Interceptor {
  final EventLog log;
  final Level level;
  private final Level errorLevel;
  private final Masking masking;
  private final Clock clock;

  ExchangeLogger(EventLog log, Level level, Level errorLevel, Masking masking, Clock clock) {
    this.log = log;
    this.level = level;
    this.errorLevel = errorLevel;
    this.masking = masking;
    this.clock = clock;
  }

  @Override
  public void onProxyStop(ProxyInfo proxy) throws InterruptedException {
    log.close();
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) {
    if (log.wants(level)) {
      RequestHead request = ctx.request();
      String path = masking.text(request.path());
      String query = request.query() == null ? null : masking.query(request.query());
      LogEvent.Draft event = requestEvent(ctx).with("path", path);
      if (query != null) event.with("query", query);
      event.with("headers", masking.headers(request.headers()));
      String target = query == null ? path : path + "?" + query;
      log.add(
          event.saying(
              SafeText.of(request.method()) + " " + target + " " + request.version().text()));
    }
    return RequestDecision.proceed();
  }

  @Override
  public ConnectDecision onConnect(ConnectContext ctx) {
    if (log.wants(level)) {
      String destination = masking.authority(ctx.destination().toString());
      log.add(
          requestEvent(ctx)
              .with("destination", destination)
              .with("headers", masking.headers(ctx.request().headers()))
              .saying("CONNECT " + destination));
    }
    return ConnectDecision.proceed();
  }

  private LogEvent.Draft requestEvent(ProxyContext ctx) {
    RequestHead request = ctx.request();
    return event("request", level, ctx)
        .with("client", text(ctx.client().address()))
        .with("method", SafeText.of(request.method()))
        .with("version", request.version().text())
        .with("scheme", SafeText.of(request.scheme()))
        .with("authority", masking.authority(request.authority()));
  }

  @Override
  public ResponseDecision onResponseHeaders(ProxyContext ctx) {
    ResponseHead response = ctx.response();
    if (response != null && log.wants(level)) {
      log.add(
          event("response", level, ctx)
              .with("status", response.status())
              .with("headers", masking.headers(response.headers()))
              .saying("response " + response.status()));
    }
    return ResponseDecision.proceed();
  }

  @Override
  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
    if (!log.wants(level)) return;
    String end = summary.outcome() == Outcome.CLIENT_GONE ? "client gone, " : "completed, ";
    log.add(end("complete", level, ctx, summary).saying(end + figures(summary)));
  }

  @Override
  public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
    if (!log.wants(errorLevel)) return;
    String detail = masking.text(error.detail());
    log.add(
        end("error", errorLevel, ctx, summary)
            .with("code", error.code().id())
            .with("phase", error.phase().name())
            .with("detail", detail)
            .saying(
                String.join(
                    ", ",
                    "failed: " + error.code().id(),
                    "phase " + error.phase(),
                    figures(summary),
                    detail),
                masking.cause(error.cause())));
  }

  /** Begins an event of an exchange. */
  final LogEvent.Draft event(String name, Level eventLevel, ProxyContext ctx) {
    return LogEvent.draft(clock.millis(), eventLevel)
        .with("event", name)
        .with("requestId", SafeText.of(ctx.requestId()))
        .with("sessionId", SafeText.of(ctx.session().id()));
  }

  private LogEvent.Draft end(
      String name, Level eventLevel, ProxyContext ctx, ExchangeSummary summary) {
    return event(name, eventLevel, ctx)
        .with("outcome", summary.outcome().name())
        .with("status", summary.status())
        .with("durationMs", millis(summary))
        .with("requestBytes", summary.requestBytes())
        .with("responseBytes", summary.responseBytes());
  }

  private static String figures(ExchangeSummary summary) {
    return String.format(
        Locale.ROOT,
        "status %d, %.3f ms, %d bytes in, %d bytes out",
        summary.status(),
        millis(summary),
        summary.requestBytes(),
        summary.responseBytes());
  }

  private static double millis(ExchangeSummary summary) {
    return Math.round(summary.timings().total().toNanos() / 1000.0) / 1000.0;
  }

  private static String text(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
    return SafeText.of(
        (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort());
  }
}
