package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Field blocks in pieces, and malformed ones beside streams that live on (RFC 9113 section 4.3).
 */
class Http2FieldBlocksTest extends Http2WireTest {
  private static final int PIECE = 7;

  /** A block in frames of a few bytes, without a payload in between too. */
  private static byte[] frames(int stream, String... fields) {
    byte[] block = Frames.block(fields);
    ByteBuffer all = ByteBuffer.allocate(block.length * 4 + 100);
    all.put(Frames.bytes(Frames.HEADERS, Frames.END_STREAM, stream, new byte[0]));
    for (int at = 0; at < block.length; at += PIECE) {
      byte[] piece = Arrays.copyOfRange(block, at, Math.min(block.length, at + PIECE));
      all.put(Frames.bytes(Frames.CONTINUATION, 0, stream, piece));
    }
    all.put(Frames.bytes(Frames.CONTINUATION, Frames.END_HEADERS, stream, new byte[0]));
    return Arrays.copyOf(all.array(), all.position());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 1000})
  void blocksInPieces(int step) {
    originAnswers();
    Frames client = h2(proxy());
    byte[] good = frames(1, REQUEST);
    byte[] bad = frames(3, REQUEST[0], REQUEST[1], ":authority: a@localhost", REQUEST[3]);
    for (byte[] bytes : new byte[][] {good, bad}) {
      for (int at = 0; at < bytes.length; at += step) {
        client.raw(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
      }
    }
    assertEquals("fine", answerOf(client, 1));
    assertEquals(400, client.of(3).status());
    client.body(3);
    isServed(client, 5);
  }

  /** What is wrong with one request is no matter of the others on the connection. */
  @Test
  void malformedRequestLeavesOthersAlone() {
    Frames client = h2(proxy()).get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.head(3, true, REQUEST[0], REQUEST[1], ":authority: localhost:0", REQUEST[3]);
    assertEquals(400, client.of(3).status());
    client.body(3);
    client.head(5, true, REQUEST[0], REQUEST[1], REQUEST[2], REQUEST[3], "content-length: x");
    assertEquals(Frames.PROTOCOL_ERROR, client.of(5).code());
    upstream.send(ok("fine"));
    assertEquals("fine", answerOf(client, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {":status: 2x0", ":status: "})
  void malformedResponseLeavesOthersAlone(String status) {
    Frames client = h2(h2Proxy()).get(1, "/x/1");
    Frames upstream = upstream();
    upstream.of(1);
    client.get(3, "/x/2");
    upstream.of(3);
    upstream.head(3, true, status);
    assertEquals(502, client.of(3).status());
    client.body(3);
    answer(upstream, 1, "fine");
    assertEquals("fine", answerOf(client, 1));
  }

  @Test
  void malformedLengthOfAResponseLeavesOthersAlone() {
    Frames client = h2(h2Proxy()).get(1, "/x/1");
    Frames upstream = upstream();
    upstream.of(1);
    client.get(3, "/x/2");
    upstream.of(3);
    upstream.head(3, false, ":status: 200", "content-length: 1x");
    assertEquals(502, client.of(3).status());
    client.body(3);
    answer(upstream, 1, "fine");
    assertEquals("fine", answerOf(client, 1));
  }
}
