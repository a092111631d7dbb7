package dev.headgate.wasm;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.ResponseHead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a hook: what the guest may ask about, and what it asked for. Nothing is done before
 * the guest has returned, so that a call that fails leaves no trace, wherever it was stopped.
 */
final class HookCall {
  /** What one call may ask for by edits, properties and attributes, in characters. */
  private static final long MAX_ASKED = 256 * 1024;

  /** The end of the exchange that a guest asked for. */
  record Abort(int status, String reason) {}

  private final Hook hook;
  private final ProxyContext ctx;
  private final boolean last;
  private final @Nullable ProxyError error;
  private final @Nullable ExchangeSummary summary;
  private final List<HeadEdit> edits = new ArrayList<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, @Nullable String> attributes = new LinkedHashMap<>();
  private byte @Nullable [] responseBody;
  private @Nullable Abort abort;
  private boolean dropped;
  private long asked;

  private HookCall(
      Hook hook,
      ProxyContext ctx,
      boolean last,
      @Nullable ProxyError error,
      @Nullable ExchangeSummary summary) {
    this.hook = hook;
    this.ctx = ctx;
    this.last = last;
    this.error = error;
    this.summary = summary;
  }

  static HookCall ofHead(Hook hook, ProxyContext ctx) {
    return new HookCall(hook, ctx, false, null, null);
  }

  static HookCall ofChunk(Hook hook, ProxyContext ctx, boolean last) {
    return new HookCall(hook, ctx, last, null, null);
  }

  static HookCall ofEnd(
      Hook hook, ProxyContext ctx, @Nullable ProxyError error, ExchangeSummary summary) {
    return new HookCall(hook, ctx, true, error, summary);
  }

  Hook hook() {
    return hook;
  }

  ProxyContext ctx() {
    return ctx;
  }

  boolean last() {
    return last;
  }

  @Nullable ProxyError error() {
    return error;
  }

  @Nullable ExchangeSummary summary() {
    return summary;
  }

  /** Returns the fields that the hook is about: the response's, once there is one. */
  private @Nullable MutableHeaders headers() {
    boolean ofRequest = hook == Hook.REQUEST || hook == Hook.CONNECT || hook == Hook.REQUEST_CHUNK;
    if (ofRequest) return ctx.request().headers();
    ResponseHead response = ctx.response();
    return response == null ? null : response.headers();
  }

  void edit(HeadEdit edit) {
    if (hook != Hook.REQUEST && hook != Hook.RESPONSE_HEADERS) {
      throw new IllegalStateException("fields can't be changed in " + GuestHook.export(hook));
    }
    charge(edit.size());
    edits.add(edit);
  }

  /** What is asked for is kept on the Java heap until the guest returns, so it is limited too. */
  private void charge(long characters) {
    asked += 32 + characters;
    if (asked > MAX_ASKED) {
      throw new IllegalStateException(
          "changes of one call may take " + MAX_ASKED + " characters together");
    }
  }

  /** Returns a field's value as it will be after the edits so far. */
  @Nullable String header(String name) {
    String added = null;
    for (int i = edits.size() - 1; i >= 0; i--) {
      HeadEdit edit = edits.get(i);
      if (!edit.name().equalsIgnoreCase(name)) continue;
      if (edit instanceof HeadEdit.Set set) return set.value();
      if (edit instanceof HeadEdit.Remove) return added;
      if (edit instanceof HeadEdit.Add add) added = add.value();
    }
    MutableHeaders headers = headers();
    String present = headers == null ? null : headers.get(name);
    return present == null ? added : present;
  }

  void property(String name, String value) {
    boolean allowed =
        switch (name) {
          case Properties.METHOD, Properties.PATH, Properties.QUERY -> hook == Hook.REQUEST;
          case Properties.STATUS -> hook == Hook.RESPONSE_HEADERS;
          default -> false;
        };
    if (!allowed) {
      throw new IllegalStateException(
          "property " + name + " can't be changed in " + GuestHook.export(hook));
    }
    charge(value.length());
    properties.put(name, value);
  }

  @Nullable String property(String name) {
    String changed = properties.get(name);
    return changed == null ? Properties.read(name, this) : changed;
  }

  void attribute(String name, @Nullable String value) {
    charge(name.length() + (value == null ? 0 : value.length()));
    attributes.put(name, value);
  }

  @Nullable String attribute(String name) {
    if (attributes.containsKey(name)) return attributes.get(name);
    return GuestAttributes.get(ctx.attributes(), name);
  }

  void responseBody(byte[] bytes) {
    responseBody = bytes;
  }

  byte @Nullable [] responseBody() {
    return responseBody;
  }

  void abort(long status, String reason) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status must be 400 to 599, but was " + status);
    }
    abort = new Abort((int) status, reason);
  }

  @Nullable Abort abort() {
    return abort;
  }

  void drop() {
    dropped = true;
  }

  boolean dropped() {
    return dropped;
  }

  /** Does what the guest asked for by host functions. What is not legal is a fault of the hook. */
  void apply() {
    properties.forEach((name, value) -> Properties.write(name, value, ctx));
    MutableHeaders headers = edits.isEmpty() ? null : headers();
    if (headers != null) {
      for (HeadEdit edit : edits) edit.apply(headers);
    }
    attributes.forEach((name, value) -> GuestAttributes.put(ctx.attributes(), name, value));
  }
}
