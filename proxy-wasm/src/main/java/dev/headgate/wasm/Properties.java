package dev.headgate.wasm;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** What a guest can ask for by name, without reading the head's JSON. */
final class Properties {
  static final String METHOD = "request.method";
  static final String PATH = "request.path";
  static final String QUERY = "request.query";
  static final String STATUS = "response.status";

  private Properties() {}

  /** Returns the value; null when there is none now, or no such property. */
  static @Nullable String read(String name, HookCall call) {
    ProxyContext ctx = call.ctx();
    return switch (name) {
      case "hook" -> GuestHook.export(call.hook());
      case "chunk.last" -> call.last() ? "1" : "0";
      case "request.id" -> ctx.requestId();
      case METHOD -> ctx.request().method();
      case "request.scheme" -> ctx.request().scheme();
      case "request.authority" -> ctx.request().authority();
      case PATH -> ctx.request().path();
      case QUERY -> ctx.request().query();
      case "request.version" -> ctx.request().version().text();
      case STATUS -> status(ctx.response());
      case "client.address" -> address(ctx);
      case "route.id" -> route(ctx.route());
      case "session.id" -> ctx.session().id();
      case "session.agent" -> ctx.session().agent();
      case "session.provider" -> ctx.session().provider();
      case "session.model" -> ctx.session().model();
      case "destination" ->
          ctx instanceof ConnectContext connect ? connect.destination().toString() : null;
      case "error.code" -> error(call.error());
      default -> null;
    };
  }

  /** Changes the head; only those that {@link HookCall} lets through come here. */
  static void write(String name, String value, ProxyContext ctx) {
    switch (name) {
      case METHOD -> ctx.request().method(value);
      case PATH -> ctx.request().path(value);
      case QUERY -> ctx.request().query(value);
      case STATUS -> status(ctx, value);
      default -> throw new IllegalArgumentException("property " + name + " can't be changed");
    }
  }

  private static void status(ProxyContext ctx, String value) {
    ResponseHead response = ctx.response();
    if (response == null) throw new IllegalStateException("there is no response yet");
    try {
      response.status(Integer.parseInt(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("status must be a number, but was '" + value + "'", e);
    }
  }

  private static @Nullable String status(@Nullable ResponseHead response) {
    return response == null ? null : Integer.toString(response.status());
  }

  private static @Nullable String route(@Nullable RouteInfo route) {
    return route == null ? null : route.id();
  }

  private static @Nullable String error(@Nullable ProxyError error) {
    return error == null ? null : error.code().id();
  }

  /** The address as a literal: a look-up of its name would block. */
  static String address(ProxyContext ctx) {
    return ctx.client().address().getAddress().getHostAddress();
  }
}
