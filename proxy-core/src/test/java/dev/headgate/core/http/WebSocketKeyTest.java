package dev.headgate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WebSocketKeyTest {
  /** The example of RFC 6455 section 1.3. */
  private static final WebSocketKey EXAMPLE = new WebSocketKey("dGhlIHNhbXBsZSBub25jZQ==");

  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  @Test
  void answerOfTheRfcIsTakenAndTakenOut() {
    HeaderList headers = new HeaderList();
    headers.append("Sec-WebSocket-Accept", ACCEPT);
    assertTrue(EXAMPLE.isAnswered(headers));
    assertNull(headers.get("Sec-WebSocket-Accept"));
  }

  @Test
  void anotherAnswerOrNoneIsNotTaken() {
    assertFalse(EXAMPLE.isAnswered(new HeaderList()));
    HeaderList headers = new HeaderList();
    headers.append("Sec-WebSocket-Accept", ACCEPT.toLowerCase(java.util.Locale.ROOT));
    assertFalse(EXAMPLE.isAnswered(headers));
  }

  @Test
  void eachHandshakeHasAKeyOfItsOwn() {
    HeaderList headers = new HeaderList();
    headers.append("Sec-WebSocket-Key", "of somebody else");
    WebSocketKey first = WebSocketKey.add(headers, "WebSocket");
    WebSocketKey second = WebSocketKey.add(new HeaderList(), "websocket");
    assertEquals(first.value(), headers.get("Sec-WebSocket-Key"));
    assertNotEquals(first.value(), second.value());
    assertNull(WebSocketKey.add(headers, "another"));
  }
}
