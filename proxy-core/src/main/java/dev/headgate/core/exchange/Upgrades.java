package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.InboundExchange;
import org.jspecify.annotations.Nullable;

/**
 * Which requests to switch protocols are passed on (rules 17 and 18, RFC 9110 §7.8). Stateless.
 *
 * <p>Only those of HTTP/1.1 that have both {@code Upgrade} and its name in {@code Connection}, and
 * no body, and those that a client of HTTP/2 made by its own means: a recipient may always ignore
 * the wish, and the upstream then sees a plain request. {@code h2c} is never passed on, as it would
 * hide all that follows from the proxy.
 */
final class Upgrades {
  private Upgrades() {}

  /** Returns the protocols that are asked for; null when the wish is not passed on. */
  static @Nullable String asked(InboundExchange inbound, HeaderList headers) {
    if (!headers.contains("Upgrade")) return null;
    boolean may =
        (inbound.version() == HttpVersion.HTTP_1_1 || inbound.upgradesStream())
            && FieldRules.names(headers, "Connection", "upgrade")
            && !FieldRules.names(headers, "Upgrade", "h2c");
    return may ? String.join(", ", headers.all("Upgrade")) : null;
  }

  /** Asks the next hop. */
  static void ask(HeaderList headers, String protocols) {
    headers.append("Connection", "Upgrade");
    headers.append("Upgrade", protocols);
  }

  /**
   * Returns whether a client would take a response for a tunnel that is none: one that asked for it
   * on its stream takes any 2xx for success (RFC 8441 section 5).
   */
  static boolean misleads(InboundExchange inbound, int status) {
    return status >= 200 && status < 300 && inbound.upgradesStream();
  }

  /** What is answered in place of such a response. */
  static ProxyError notSwitched(boolean byUpstream) {
    String detail = "The answer to a switch of protocols was a success without one.";
    return byUpstream
        ? new UpstreamFault(ErrorCode.UPSTREAM_PROTOCOL, Phase.AWAIT_RESPONSE, detail, false, null)
        : new ProxyFault(ErrorCode.INTERNAL, Phase.RESPONSE_HOOKS, detail);
  }
}
