package dev.headgate.wasm;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.HostPort;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a guest answered as its output, in JSON: changes to the head, or a response or error in
 * place of it. Each method throws {@link IllegalArgumentException} where the answer is not legal.
 */
final class GuestAnswer {
  /** The code of an error for which the guest gave none. */
  private static final String REFUSED = "refused_by_plugin";

  private static final JsonObject NOTHING = JsonObject.read("{}".getBytes(StandardCharsets.UTF_8));

  private final JsonObject json;
  private final HookCall call;

  private GuestAnswer(JsonObject json, HookCall call) {
    this.json = json;
    this.call = call;
  }

  static GuestAnswer read(byte[] output, HookCall call, String... members) {
    return new GuestAnswer(
        output.length == 0 ? NOTHING : JsonObject.read(output).only(members), call);
  }

  void editRequest(ProxyContext ctx) {
    String method = json.string("method");
    if (method != null) ctx.request().method(method);
    String path = json.string("path");
    if (path != null) ctx.request().path(path);
    String query = json.string("query");
    if (query != null) ctx.request().query(query);
    editHeaders(ctx.request().headers());
  }

  void editResponse(ProxyContext ctx) {
    ResponseHead response = Objects.requireNonNull(ctx.response(), "response");
    Long status = json.number("status");
    if (status != null) response.status(Math.toIntExact(status));
    editHeaders(response.headers());
  }

  private void editHeaders(MutableHeaders headers) {
    JsonObject edits = json.object("headers");
    if (edits == null) return;
    edits.only("remove", "set", "add");
    edits.strings("remove").forEach(headers::remove);
    JsonObject set = edits.object("set");
    if (set != null) set.asStrings().forEach(headers::set);
    JsonObject add = edits.object("add");
    if (add != null) add.forEachString(headers::add);
  }

  /** Returns the response that the guest gives in place of the upstream's; null for none. */
  @Nullable DirectResponse response() {
    JsonObject response = json.object("response");
    if (response == null) return null;
    response.only("status", "headers", "body");
    Long status = response.number("status");
    if (status == null) throw new IllegalArgumentException("'response.status' is missing");
    DirectResponse.Builder builder = DirectResponse.status(Math.toIntExact(status));
    JsonObject headers = response.object("headers");
    if (headers != null) headers.forEachString(builder::header);
    byte[] bytes = call.responseBody();
    if (bytes != null) return builder.bytes(ByteBuffer.wrap(bytes));
    String body = response.string("body");
    return body == null ? builder.empty() : builder.text(body);
  }

  /** Returns the error that the guest ends the exchange with; null for none. */
  @Nullable ProxyError error(Phase phase) {
    HookCall.Abort abort = call.abort();
    if (abort != null) {
      return new ProxyFault(ErrorCode.of(REFUSED, abort.status()), phase, abort.reason());
    }
    JsonObject error = json.object("error");
    if (error == null) return null;
    error.only("status", "code", "detail");
    Long status = error.number("status");
    if (status == null) throw new IllegalArgumentException("'error.status' is missing");
    String code = error.string("code");
    String detail = error.string("detail");
    return new ProxyFault(
        ErrorCode.of(code == null ? REFUSED : code, Math.toIntExact(status)),
        phase,
        detail == null ? "" : detail);
  }

  /** Returns an address that the guest gives as {@code host:port}; null for none. */
  @Nullable HostPort address(String member) {
    String text = json.string(member);
    if (text == null) return null;
    int colon = text.lastIndexOf(':');
    if (colon < 0) throw new IllegalArgumentException("'" + member + "' must be host:port");
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
    try {
      return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + member + "' must be host:port", e);
    }
  }
}
