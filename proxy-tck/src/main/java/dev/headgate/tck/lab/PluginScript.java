package dev.headgate.tck.lab;

import dev.headgate.api.ConnectDecision;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.tck.lab.TestPlugin.OnChunk;
import dev.headgate.tck.lab.TestPlugin.OnConnect;
import dev.headgate.tck.lab.TestPlugin.OnEnd;
import dev.headgate.tck.lab.TestPlugin.OnRequest;
import dev.headgate.tck.lab.TestPlugin.OnResponse;
import dev.headgate.tck.lab.TestPlugin.Step;
import java.util.HashMap;
import java.util.Map;

/** What a {@link TestPlugin} is told to be and to do: until then, as the defaults do. */
final class PluginScript {
  final String id;
  PluginMetadata.Builder metadata;
  boolean headsOnly;
  boolean watched = true;

  /** By the method's name. */
  final Map<String, Lab.Step> steps = new HashMap<>();

  OnRequest onRequest = ctx -> RequestDecision.proceed();
  OnConnect onConnect = ctx -> ConnectDecision.proceed();
  OnResponse onResponse = ctx -> ResponseDecision.proceed();
  OnChunk onRequestChunk = (ctx, chunk, out) -> out.pass(chunk);
  OnChunk onResponseChunk = (ctx, chunk, out) -> out.pass(chunk);
  OnEnd onComplete = (ctx, summary) -> {};
  OnEnd onError = (ctx, summary) -> {};
  Step<PluginContext> onCreate = context -> {};
  Step<ProxyInfo> onStart = proxy -> {};
  Step<ProxyInfo> onStop = proxy -> {};

  PluginScript(String id) {
    this.id = id;
    this.metadata = PluginMetadata.builder(id).observesBodies();
  }
}
