package dev.headgate.core.exchange;

import dev.headgate.core.http.HeaderList;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key of a WebSocket handshake that the proxy itself makes with an upstream, as its client has
 * made one without a key (RFC 8441 section 5), and the answer that proves that the upstream means
 * it (RFC 6455 section 4.1).
 *
 * @param value what the upstream is sent
 */
record WebSocketKey(String value) {
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String ACCEPT = "Sec-WebSocket-Accept";
  private static final String PROTOCOL = "websocket";

  /** What every server of the protocol appends to the key (RFC 6455 section 1.3). */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int BYTES = 16;

  /** Puts a new key into the upstream's request; null where it asks for another protocol. */
  static @Nullable WebSocketKey add(HeaderList headers, String protocols) {
    if (!protocols.equalsIgnoreCase(PROTOCOL)) return null;
    byte[] random = new byte[BYTES];
    // It is no secret: it only must not be in the answer of one who has not seen it.
    ThreadLocalRandom.current().nextBytes(random);
    WebSocketKey key = new WebSocketKey(Base64.getEncoder().encodeToString(random));
    headers.replace(KEY, key.value);
    return key;
  }

  /** Returns whether the upstream has answered this key, and takes the answer out. */
  boolean isAnswered(HeaderList headers) {
    String answer = headers.get(ACCEPT);
    headers.drop(ACCEPT);
    return answer != null && answer.equals(answer());
  }

  /** Returns what the upstream has to answer. */
  String answer() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((value + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
