package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What the rules of plugins share. Stateless. */
final class PluginFixtures {
  /** A hook deadline that no call of a rule can pass. */
  static final Duration LONG = Duration.ofMinutes(2);

  private PluginFixtures() {}

  /** What a rule lets a hook throw. */
  static IllegalStateException onPurpose() {
    return new IllegalStateException("on purpose");
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The response's head, in hooks where there is one. */
  static ResponseHead response(ProxyContext ctx) {
    return Objects.requireNonNull(ctx.response(), "no response in a hook of the response");
  }

  /** The body that a chunk hook of a plugin has seen so far. */
  static String seen(Lab lab, String plugin, String hook) {
    return lab.recorder().calls(plugin, hook).stream()
        .map(HookCall::text)
        .collect(Collectors.joining());
  }

  /** What of the core is on the stack: it goes on from where it was, or from somewhere else. */
  static List<String> wayThroughTheCore() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().startsWith("dev.headgate.core."))
                    .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                    .toList());
  }

  /** What the registry knows of a plugin. */
  static PluginStatus status(Proxy proxy, String plugin) {
    return proxy.plugins().list().stream()
        .filter(status -> status.metadata().id().equals(plugin))
        .findFirst()
        .orElseThrow();
  }

  /** Checks that an exchange got an error response; returns its body. */
  static String assertError(int status, String code, ClientExchange exchange) {
    assertEquals(status, exchange.status());
    String body = exchange.readAllText();
    assertTrue(body.contains("\"code\":\"" + code + "\""), body);
    return body;
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  static String gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
