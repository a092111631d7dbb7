package dev.headgate.core.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key of a WebSocket handshake of HTTP/1.1, and the answer that proves that the other side
 * means it (RFC 6455 section 4.1). A handshake of HTTP/2 has neither (RFC 8441 section 5), so that
 * the proxy makes a key where its client spoke HTTP/2, and the answer where its upstream does.
 *
 * @param value what {@code Sec-WebSocket-Key} says
 */
public record WebSocketKey(String value) {
  /** The field of the key. */
  public static final String KEY = "Sec-WebSocket-Key";

  /** The field of the answer. */
  public static final String ACCEPT = "Sec-WebSocket-Accept";

  private static final String PROTOCOL = "websocket";

  /** What every server of the protocol appends to the key (RFC 6455 section 1.3). */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int BYTES = 16;

  /**
   * Puts a new key into an upstream's request.
   *
   * @param headers the request's fields
   * @param protocols which protocols it asks for
   * @return the key; null where that is not WebSocket
   */
  public static @Nullable WebSocketKey add(HeaderList headers, String protocols) {
    if (!protocols.equalsIgnoreCase(PROTOCOL)) return null;
    byte[] random = new byte[BYTES];
    // It is no secret: it only must not be in the answer of one who has not seen it.
    ThreadLocalRandom.current().nextBytes(random);
    WebSocketKey key = new WebSocketKey(Base64.getEncoder().encodeToString(random));
    headers.replace(KEY, key.value);
    return key;
  }

  /**
   * Takes the answer out of an upstream's response.
   *
   * @param headers the response's fields
   * @return whether it answers this key
   */
  public boolean isAnswered(HeaderList headers) {
    String answer = headers.get(ACCEPT);
    headers.drop(ACCEPT);
    return answer != null && answer.equals(answer());
  }

  /**
   * Returns what has to be answered.
   *
   * @return what {@code Sec-WebSocket-Accept} says
   */
  public String answer() {
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
