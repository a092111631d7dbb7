package dev.headgate.core.exchange;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import org.jspecify.annotations.Nullable;

/**
 * Which requests to switch protocols are passed on (rule 17, RFC 9110 §7.8). Stateless.
 *
 * <p>Only those of HTTP/1.1 that have both {@code Upgrade} and its name in {@code Connection}, and
 * no body: a recipient may always ignore the wish, and the upstream then sees a plain request.
 * {@code h2c} is never passed on, as it would hide all that follows from the proxy.
 */
final class Upgrades {
  private Upgrades() {}

  /** Returns the protocols that are asked for; null when the wish is not passed on. */
  static @Nullable String asked(HttpVersion version, HeaderList headers) {
    if (!headers.contains("Upgrade")) return null;
    boolean may =
        version == HttpVersion.HTTP_1_1
            && FieldRules.names(headers, "Connection", "upgrade")
            && !FieldRules.names(headers, "Upgrade", "h2c");
    return may ? String.join(", ", headers.all("Upgrade")) : null;
  }

  /** Asks the next hop. */
  static void ask(HeaderList headers, String protocols) {
    headers.append("Connection", "Upgrade");
    headers.append("Upgrade", protocols);
  }
}
