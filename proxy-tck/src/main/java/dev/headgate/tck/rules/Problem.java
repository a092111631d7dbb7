package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.tck.lab.BodyWriter;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.Lab;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error response as a client got it (RFC 9457).
 *
 * @param head its head
 * @param text its body
 * @param members the body's members; strings without quotes, numbers as they are written
 */
record Problem(Head head, String text, Map<String, String> members) {
  private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final String MEMBER = STRING + ":(?:" + STRING + "|(\\d+))";
  private static final Pattern OBJECT = Pattern.compile("\\{" + MEMBER + "(?:," + MEMBER + ")*\\}");

  Problem {
    members = Map.copyOf(members);
  }

  /** Reads an error response to its end, and checks that it tells what is expected. */
  static Problem read(ClientExchange exchange, ErrorCode expected) {
    Head head = exchange.response();
    String text = exchange.readAllText();
    String what = head.status() + " " + text;
    assertEquals("application/problem+json", head.header("Content-Type"), what);
    assertTrue(OBJECT.matcher(text).matches(), () -> "no flat JSON object: " + what);
    Map<String, String> members = new HashMap<>();
    Matcher matcher = Pattern.compile(MEMBER).matcher(text);
    while (matcher.find()) {
      String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      String before = members.put(matcher.group(1), value);
      assertEquals(null, before, () -> "a member twice: " + what);
    }
    Problem problem = new Problem(head, text, members);
    assertEquals(expected.id(), problem.member("code"), what);
    assertEquals(expected.status(), head.status(), what);
    return problem;
  }

  /** Returns a member, which must be there. */
  String member(String name) {
    String value = members.get(name);
    if (value == null) throw new AssertionError("no member " + name + " in " + text);
    return value;
  }

  /**
   * Sends until nothing more is taken, to provoke a timeout; in real time it may have struck before
   * the sender has come to a stop.
   */
  static void stall(Lab lab, BodyWriter writer) {
    long most = 2 * lab.stallBytes();
    try {
      assertTrue(writer.sendUntilStalled(most) < most, "the sender was never stalled");
    } catch (BrokenConnectionError e) {
      lab.note("gave up before the sender stalled: " + e.getMessage());
    }
  }
}
