package dev.headgate.examples.quickstart;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the pieces of text in the event stream of a model's API as its bytes come in, wherever they
 * are cut: what stands under {@code text} or {@code content} in the JSON of each event. Good enough
 * to show and to count; a program that needs more takes a JSON parser. Holds one line at most, up
 * to 64 KiB of it. Not thread-safe.
 */
final class AnswerText {
  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final String DATA = "data:";

  /** The beginning of a text: its end is found without the regular expression, which recurses. */
  private static final Pattern TEXT = Pattern.compile("\"(?:text|content)\"\\s*:\\s*\"");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

  /**
   * Takes the next bytes.
   *
   * @param bytes the bytes from position to limit, which are read
   * @return the pieces that they complete, in order
   */
  List<String> feed(ByteBuffer bytes) {
    List<String> pieces = new ArrayList<>(1);
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next != '\n') {
        if (line.size() < MAX_LINE_BYTES) line.write(next);
        continue;
      }
      String complete = line.toString(StandardCharsets.UTF_8);
      line.reset();
      if (complete.startsWith(DATA)) addPieces(complete, pieces);
    }
    return pieces;
  }

  private static void addPieces(String json, List<String> pieces) {
    Matcher text = TEXT.matcher(json);
    while (text.find()) {
      int end = end(json, text.end());
      if (end > text.end()) pieces.add(unescaped(json.substring(text.end(), end)));
    }
  }

  /** Returns where the string that begins there ends. */
  private static int end(String json, int start) {
    int end = start;
    while (end < json.length() && json.charAt(end) != '"') {
      end += json.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(end, json.length());
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(escape -> Matcher.quoteReplacement(character(escape.group(1))));
  }

  private static String character(String escape) {
    return switch (escape.charAt(0)) {
      case 'u' ->
          escape.length() == 1
              ? escape
              : String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'b' -> "\b";
      case 'f' -> "\f";
      default -> escape;
    };
  }
}
