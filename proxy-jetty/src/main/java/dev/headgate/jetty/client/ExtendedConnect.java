package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http2.RawUri;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket handshake on a stream of HTTP/2 (RFC 8441), where HTTP/1.1 has an upgrade. Above this
 * client it is an upgrade. Stateless.
 */
final class ExtendedConnect {
  private static final String WEBSOCKET = "websocket";

  private ExtendedConnect() {}

  /** What Jetty's encoder reads {@code :protocol} from. */
  private static final class Head extends MetaData.Request {
    Head(RawUri uri, HttpFields fields) {
      super("CONNECT", uri, HttpVersion.HTTP_2, fields, -1);
    }

    @Override
    public String getProtocol() {
      return WEBSOCKET;
    }
  }

  /** Whether a request is a handshake that may go out by HTTP/2. */
  static boolean may(UpstreamRequest request) {
    Destination destination = request.destination();
    boolean http2 =
        switch (destination.protocol()) {
          case HTTP_2 -> true;
          case NEGOTIATED -> destination.target().secure();
          default -> false;
        };
    if (!http2 || request.body() != null) return false;
    String asked = request.headers().get("Upgrade");
    return asked != null && asked.equalsIgnoreCase(WEBSOCKET) && request.method().equals("GET");
  }

  /** Returns a handshake's head: without the key, which has no place in HTTP/2. */
  static MetaData.Request head(RawUri uri, HttpFields fields) {
    return new Head(uri, HttpFields.build(fields).remove(WebSocketKey.KEY));
  }

  /**
   * Tells success as HTTP/1.1 has it.
   *
   * @param received the response's fields, which are changed
   * @param key what HTTP/1.1 would have sent; null for none
   * @return the same, with the answer to the key
   */
  static HeaderList switched(HeaderList received, @Nullable String key) {
    received.drop("Content-Length");
    received.drop(WebSocketKey.ACCEPT);
    received.append("Connection", "Upgrade");
    received.append("Upgrade", WEBSOCKET);
    if (key != null) received.append(WebSocketKey.ACCEPT, new WebSocketKey(key).answer());
    return received;
  }
}
