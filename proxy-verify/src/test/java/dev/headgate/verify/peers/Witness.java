package dev.headgate.verify.peers;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A plugin that takes part in every hook, so that all traffic passes plugins, and keeps notes. */
final class Witness implements ProxyPlugin, Interceptor {
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();
  private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final BlockingQueue<ExchangeSummary> summaries = new LinkedBlockingQueue<>();

  /** Waits for the end of the next exchange. */
  ExchangeSummary summary() throws InterruptedException {
    return Waiting.next(summaries, "the end of an exchange");
  }

  /** Returns on how many connections clients sent requests. */
  int clientConnections() {
    return clientPorts.size();
  }

  int begun() {
    return begun.get();
  }

  int ended() {
    return ended.get();
  }

  /** Returns what happened, for a failed test. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder("witness").observesBodies().build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return this;
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) {
    begun.incrementAndGet();
    clientPorts.add(ctx.client().address().getPort());
    note(ctx, "request " + ctx.request().method() + " " + ctx.request().path());
    return RequestDecision.proceed();
  }

  @Override
  public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
    out.pass(chunk);
  }

  @Override
  public ResponseDecision onResponseHeaders(ProxyContext ctx) {
    note(ctx, "response head");
    return ResponseDecision.proceed();
  }

  @Override
  public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
    note(ctx, "response chunk of " + chunk.size() + (chunk.last() ? ", the last" : ""));
    out.pass(chunk);
  }

  @Override
  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
    end(ctx, summary, "complete");
  }

  @Override
  public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
    end(ctx, summary, "error " + error);
  }

  private void end(ProxyContext ctx, ExchangeSummary summary, String how) {
    note(ctx, how + " " + summary);
    ended.incrementAndGet();
    summaries.add(summary);
  }

  private void note(ProxyContext ctx, String what) {
    notes.add(ctx.requestId() + " " + what);
  }
}
