package dev.headgate.core.error;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.PluginFault;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.HeaderField;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows errors to clients: a body of {@code application/problem+json} (RFC 9457) and a field {@code
 * Proxy-Status} (RFC 9209).
 *
 * <p>The body has {@code type} (a stable {@code urn:headgate:error:<code>}), {@code title}, {@code
 * status}, {@code detail}, {@code code}, {@code requestId} and {@code timestamp}, and for a
 * plugin's fault {@code plugin} and {@code hook}. Of an error it uses only what its contract calls
 * safe: never its cause.
 *
 * <p>Immutable, for any thread. What does not change from one error to the next is made once.
 */
public final class ErrorRenderer {
  /** The name of the field, {@code Proxy-Status}. */
  public static final String PROXY_STATUS = "Proxy-Status";

  private static final HeaderField CONTENT_TYPE =
      new HeaderField("Content-Type", "application/problem+json");
  private static final HeaderField NO_STORE = new HeaderField("Cache-Control", "no-store");

  private final String member;
  private final boolean proxyStatus;
  private final Map<ErrorCode, Prepared> prepared = new HashMap<>();

  private record Prepared(String prefix, List<HeaderField> headers) {}

  /**
   * Makes a renderer.
   *
   * @param pseudonym what the proxy calls itself in {@code Proxy-Status}, never the machine's name:
   *     visible ASCII and spaces, not empty
   * @param proxyStatus whether {@code Proxy-Status} is sent
   * @throws IllegalArgumentException if the pseudonym is not of that form
   */
  public ErrorRenderer(String pseudonym, boolean proxyStatus) {
    boolean legal = pseudonym.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (pseudonym.isBlank() || !legal) {
      throw new IllegalArgumentException(
          "pseudonym must be visible ASCII, but was '" + pseudonym + "'");
    }
    this.member = StructuredText.tokenOrString(pseudonym);
    this.proxyStatus = proxyStatus;
    for (ErrorCode code : ProblemType.known()) prepared.put(code, prepare(code));
  }

  /**
   * Renders an error.
   *
   * @param error the error
   * @param requestId the exchange's id
   * @param timestamp when it happened
   * @return the response, complete
   */
  public DirectResponse render(ProxyError error, String requestId, Instant timestamp) {
    return render(error, requestId, timestamp, List.of());
  }

  /**
   * Renders an error with further fields, such as {@code Allow} for a 405.
   *
   * @param error the error
   * @param requestId the exchange's id
   * @param timestamp when it happened
   * @param further fields that are added, in place of those of the same name
   * @return the response, complete
   */
  public DirectResponse render(
      ProxyError error, String requestId, Instant timestamp, List<HeaderField> further) {
    Objects.requireNonNull(requestId, "requestId");
    ErrorCode code = error.code();
    Prepared known = prepared.get(code);
    Prepared constant = known != null ? known : prepare(code);
    PluginFault fault = error instanceof PluginFault plugin ? plugin : null;
    StringBuilder body = new StringBuilder(384).append(constant.prefix);
    JsonText.string(body, error.detail());
    JsonText.member(body, "code", code.id());
    JsonText.member(body, "requestId", requestId);
    JsonText.member(body, "timestamp", timestamp.toString());
    if (fault != null) {
      JsonText.member(body, "plugin", fault.pluginId());
      JsonText.member(body, "hook", fault.hook());
    }
    byte[] bytes = body.append('}').toString().getBytes(StandardCharsets.UTF_8);
    List<HeaderField> headers = constant.headers;
    if ((fault != null && proxyStatus) || !further.isEmpty()) {
      headers = headers(code, fault);
      for (HeaderField field : further) {
        headers.removeIf(before -> before.name().equalsIgnoreCase(field.name()));
      }
      headers.addAll(further);
    }
    return new DirectResponse(
        error.status(), headers, new DirectResponse.Bytes(ByteBuffer.wrap(bytes)));
  }

  /**
   * Renders a fault that was passed over, for a response that is otherwise a normal one.
   *
   * @param pluginId the plugin's id
   * @param hook the hook's method name
   * @return a value to add as a line of {@code Proxy-Status}; null when the field is turned off
   */
  public @Nullable String failOpenNote(String pluginId, String hook) {
    return failOpenNote(List.of(new PassedOver(pluginId, hook)));
  }

  /**
   * Renders all faults that were passed over in an exchange as one member, since a proxy has one
   * member only.
   *
   * @param faults the faults, in order
   * @return a value to add as a line of {@code Proxy-Status}; null when the field is turned off or
   *     there are none
   */
  public @Nullable String failOpenNote(List<PassedOver> faults) {
    if (!proxyStatus || faults.isEmpty()) return null;
    StringBuilder details = new StringBuilder();
    for (PassedOver fault : faults) {
      details.append(details.length() == 0 ? "plugin " : ", plugin ").append(fault.pluginId());
      details.append(" failed open in ").append(fault.hook());
    }
    return member + "; details=" + StructuredText.string(details.toString());
  }

  private Prepared prepare(ErrorCode code) {
    return new Prepared(ProblemType.prefix(code), List.copyOf(headers(code, null)));
  }

  private List<HeaderField> headers(ErrorCode code, @Nullable PluginFault fault) {
    List<HeaderField> headers = new ArrayList<>(6);
    headers.add(CONTENT_TYPE);
    headers.add(NO_STORE);
    String retryAfter = retryAfter(code);
    if (retryAfter != null) headers.add(new HeaderField("Retry-After", retryAfter));
    if (proxyStatus) headers.add(new HeaderField(PROXY_STATUS, status(code, fault)));
    return headers;
  }

  private String status(ErrorCode code, @Nullable PluginFault fault) {
    String details =
        fault == null
            ? code.id()
            : code.id() + ": plugin " + fault.pluginId() + " failed in " + fault.hook();
    return member + "; error=" + code.proxyStatus() + "; details=" + StructuredText.string(details);
  }

  /**
   * In seconds: an overload may pass at once, a new target or a new proxy takes a little longer.
   */
  private static @Nullable String retryAfter(ErrorCode code) {
    if (code.equals(ErrorCode.OVERLOADED)) return "1";
    if (code.equals(ErrorCode.STOPPING) || code.equals(ErrorCode.NO_TARGET)) return "5";
    return null;
  }
}
