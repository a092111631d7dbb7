package dev.headgate.wasm;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.Session;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.Headers;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What guests are told as their input. Fields are pairs, since names repeat and their order counts.
 */
final class HeadJson {
  private HeadJson() {}

  static byte[] request(ProxyContext ctx) {
    return Json.write(
        out -> {
          out.writeStartObject();
          writeRequest(out, ctx);
          out.writeStringField("client", Properties.address(ctx));
          writeSession(out, ctx.session());
          out.writeEndObject();
        });
  }

  static byte[] connect(ConnectContext ctx) {
    return Json.write(
        out -> {
          out.writeStartObject();
          out.writeStringField("destination", ctx.destination().toString());
          writeRequest(out, ctx);
          out.writeStringField("client", Properties.address(ctx));
          writeSession(out, ctx.session());
          out.writeEndObject();
        });
  }

  static byte[] response(ProxyContext ctx) {
    ResponseHead response = Objects.requireNonNull(ctx.response(), "response");
    return Json.write(
        out -> {
          out.writeStartObject();
          out.writeStringField("requestId", ctx.requestId());
          out.writeNumberField("status", response.status());
          writeHeaders(out, response.headers());
          out.writeObjectFieldStart("request");
          out.writeStringField("method", ctx.request().method());
          out.writeStringField("path", ctx.request().path());
          writeOptional(out, "query", ctx.request().query());
          out.writeEndObject();
          out.writeEndObject();
        });
  }

  static byte[] end(ProxyContext ctx, ExchangeSummary summary, @Nullable ProxyError error) {
    return Json.write(
        out -> {
          out.writeStartObject();
          out.writeStringField("requestId", ctx.requestId());
          out.writeStringField("outcome", summary.outcome().name());
          out.writeNumberField("status", summary.status());
          out.writeNumberField("requestBytes", summary.requestBytes());
          out.writeNumberField("responseBytes", summary.responseBytes());
          out.writeNumberField("durationNanos", summary.timings().end());
          if (error != null) {
            out.writeObjectFieldStart("error");
            out.writeStringField("code", error.code().id());
            out.writeNumberField("status", error.status());
            out.writeStringField("phase", error.phase().name());
            out.writeStringField("detail", error.detail());
            out.writeEndObject();
          }
          out.writeEndObject();
        });
  }

  private static void writeRequest(JsonGenerator out, ProxyContext ctx) throws IOException {
    RequestHead request = ctx.request();
    out.writeStringField("requestId", ctx.requestId());
    out.writeStringField("method", request.method());
    out.writeStringField("scheme", request.scheme());
    out.writeStringField("authority", request.authority());
    out.writeStringField("path", request.path());
    writeOptional(out, "query", request.query());
    out.writeStringField("version", request.version().text());
    writeHeaders(out, request.headers());
  }

  private static void writeHeaders(JsonGenerator out, Headers headers) throws IOException {
    out.writeArrayFieldStart("headers");
    for (int i = 0, n = headers.size(); i < n; i++) {
      out.writeStartArray();
      out.writeString(headers.name(i));
      out.writeString(headers.value(i));
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  private static void writeSession(JsonGenerator out, Session session) throws IOException {
    out.writeObjectFieldStart("session");
    out.writeStringField("id", session.id());
    writeOptional(out, "agent", session.agent());
    writeOptional(out, "provider", session.provider());
    writeOptional(out, "model", session.model());
    out.writeEndObject();
  }

  private static void writeOptional(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) out.writeStringField(name, value);
  }
}
