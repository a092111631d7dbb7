package dev.headgate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  private static final String ANTHROPIC =
      """
      event: content_block_delta
      data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"a\\n"}}

      event: ping
      data: {"type":"ping"}

      data: {"delta":{"text" : "ü\\u00e4\\"\\\\"}}\r
      \r
      """;
  private static final String OPENAI =
      """
      data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

      data: {"choices":[{"delta":{"content":"hello"}}]}

      data: [DONE]

      """;

  private static List<String> pieces(String stream, int cut) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    AnswerText text = new AnswerText();
    List<String> pieces = new ArrayList<>(text.feed(ByteBuffer.wrap(bytes, 0, cut)));
    pieces.addAll(text.feed(ByteBuffer.wrap(bytes, cut, bytes.length - cut)));
    return pieces;
  }

  @Test
  void findsTheTextWhereverTheStreamIsCut() {
    int length = ANTHROPIC.getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 0; cut <= length; cut++) {
      assertEquals(List.of("a\n", "üä\"\\"), pieces(ANTHROPIC, cut), "cut at " + cut);
    }
  }

  @Test
  void leavesOutWhatIsNoText() {
    assertEquals(List.of("hello"), pieces(OPENAI, 0));
  }

  @Test
  void isNotFilledByALineWithoutEnd() {
    AnswerText text = new AnswerText();
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(), text.feed(ByteBuffer.wrap(new byte[64 * 1024])));
    }
    ByteBuffer next =
        ByteBuffer.wrap("\ndata: {\"text\":\"on\"}\n".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of("on"), text.feed(next));
  }
}
