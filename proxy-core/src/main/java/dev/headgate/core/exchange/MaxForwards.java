package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.core.context.LiveRequestHead;
import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts {@code Max-Forwards} down for OPTIONS and TRACE, and answers as the last recipient at 0
 * (rule 4, RFC 9110 §7.6.2). Stateless.
 */
final class MaxForwards {
  /** What a TRACE must not show (RFC 9110 §9.3.8). */
  private static final Set<String> SECRETS =
      Set.of("authorization", "cookie", "proxy-authorization");

  private static final int DIGITS = 9;

  private MaxForwards() {}

  /**
   * Counts down.
   *
   * @param head the request
   * @param headers the fields that will be sent
   * @return the answer, if the request goes no further; else null
   */
  static @Nullable DirectResponse count(LiveRequestHead head, HeaderList headers) {
    boolean trace = head.method().equals("TRACE");
    if (!trace && !head.method().equals("OPTIONS")) return null;
    String value = headers.get("Max-Forwards");
    if (value == null || value.isEmpty() || value.length() > DIGITS) return null;
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') return null;
    }
    int left = Integer.parseInt(value);
    if (left > 0) {
      headers.replace("Max-Forwards", Integer.toString(left - 1));
      return null;
    }
    return trace ? echo(head) : DirectResponse.status(200).empty();
  }

  private static DirectResponse echo(LiveRequestHead head) {
    StringBuilder text = new StringBuilder("TRACE ").append(head.path());
    if (head.query() != null) text.append('?').append(head.query());
    text.append(" HTTP/1.1\r\n");
    HeaderList fields = head.headers();
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.name(i);
      if (SECRETS.stream().anyMatch(name::equalsIgnoreCase)) continue;
      text.append(name).append(": ").append(fields.value(i)).append("\r\n");
    }
    return DirectResponse.status(200)
        .header("Content-Type", "message/http")
        .bytes(
            ByteBuffer.wrap(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
  }
}
