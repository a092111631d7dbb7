package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.CodingChain;
import dev.headgate.core.http.HeaderList;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out whether a body must be decoded for the chunk hooks that will see it. */
final class PlainText {
  private static final CodingChain IDENTITY = new CodingChain(List.of());

  private PlainText() {}

  /**
   * Returns the codings to take off, identity where nobody asked or there are none. Where they are
   * not known, the plugins that asked have failed: they are passed by, or the exchange has been
   * ended.
   */
  static CodingChain coding(
      Exchange exchange, Side side, Link[] links, Hook hook, HeaderList headers) {
    String value = encoding(headers);
    if (value == null) return IDENTITY;
    Optional<CodingChain> found = null;
    for (Link link : links) {
      if (!link.metadata.plainText() || side.skips(link)) continue;
      if (found == null) found = exchange.environment().codings().find(value);
      if (found.isPresent()) return found.get();
      IOException cause =
          new IOException("can't decode the content coding that the plugin wants off");
      if (!exchange.headFault(link, hook, cause)) return IDENTITY;
    }
    return IDENTITY;
  }

  /** Returns all codings of a body, on however many lines; null when there are none. */
  static @Nullable String encoding(HeaderList headers) {
    if (!headers.contains("Content-Encoding")) return null;
    List<String> lines = headers.all("Content-Encoding");
    return lines.size() == 1 ? lines.get(0) : String.join(", ", lines);
  }
}
