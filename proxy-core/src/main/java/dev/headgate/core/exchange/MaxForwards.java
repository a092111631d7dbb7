package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.route.Router;
import dev.headgate.core.spi.InboundExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code Max-Forwards} of TRACE and OPTIONS (RFC 9110 section 7.6.2, rule 4): counted down, and
 * answered by the proxy itself at 0, before any plugin has put anything into the head. Stateless.
 */
final class MaxForwards {
  private static final String FIELD = "Max-Forwards";

  /** Where every method is served, those that have a meaning to everybody. */
  private static final String ALL = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE";

  /** What the name of a field that may hold a secret contains. */
  private static final List<String> SECRETS =
      List.of("auth", "cookie", "key", "token", "secret", "password", "credential");

  private MaxForwards() {}

  /** Counts down; returns the proxy's own answer where the request goes no further, else null. */
  static @Nullable DirectResponse answer(
      InboundExchange inbound, String host, String path, Router router) {
    String method = inbound.method();
    boolean trace = method.equals("TRACE");
    if (!trace && !method.equals("OPTIONS")) return null;
    HeaderList headers = inbound.headers();
    String value = headers.get(FIELD);
    // Whatever is no number, or an absurd one, says nothing of a limit, and passes as it came.
    if (value == null || !value.matches("[0-9]{1,9}")) return null;
    int left = Integer.parseInt(value);
    if (left > 0) {
      headers.replace(FIELD, Integer.toString(left - 1));
      return null;
    }
    return trace ? echo(inbound) : options(host, path, router, headers);
  }

  private static DirectResponse options(
      String host, String path, Router router, HeaderList headers) {
    Set<String> methods = router.allowedMethods(host, path, headers);
    return DirectResponse.status(200)
        .header("Allow", methods.isEmpty() ? ALL : String.join(", ", methods))
        .empty();
  }

  /** The request as it came, without what may be a secret. */
  private static DirectResponse echo(InboundExchange inbound) {
    StringBuilder out = new StringBuilder(512);
    out.append("TRACE ").append(inbound.target()).append(' ').append(inbound.version().text());
    out.append("\r\n");
    HeaderList headers = inbound.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!isSecret(name)) out.append(name).append(": ").append(headers.value(i)).append("\r\n");
    }
    byte[] bytes = out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    return DirectResponse.status(200)
        .header("Content-Type", "message/http")
        .bytes(ByteBuffer.wrap(bytes));
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRETS.stream().anyMatch(lower::contains);
  }
}
