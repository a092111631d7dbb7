package dev.headgate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.http.HttpVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The normaliser against a second one, written with other means: expressions and a list of
 * segments.
 */
class RequestTargetPropertyTest {
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");
  private static final Pattern LEGAL =
      Pattern.compile("/(?:[A-Za-z0-9._~/!$&'()*+,;=:@|{}\\[\\]-]|%(?![01]|7[Ff])[0-9A-Fa-f]{2})*");
  private static final Pattern OVERLONG = Pattern.compile("%C[01]%[89AB].|%E0%[89].|%F0%8.");
  private static final Pattern HIDDEN_DOTS =
      Pattern.compile("(?:^|/|%2F|%5C)\\.\\.?(?:;|%3B|%2F|%5C)|(?:%2F|%5C)\\.\\.?(?:/|$)");

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/", "/", "/", ".", ".", "..", "%2e", "%2E", "%2f", "%2F", "%5c", "%5C", ";", "%3B",
            "%3b", "a", "b", "%61", "%252e", "%25", "%C3%A9", "%c3", "%C0", "%ae", "%AF", "%E0",
            "%80", "%00", "%7F", "%", "|", "{", ":", "*", " ", "\\", "#", "é")
        .list()
        .ofMaxSize(12)
        .map(parts -> "/" + String.join("", parts));
  }

  @Provide
  Arbitrary<String> tamePaths() {
    return Arbitraries.of("/", "/", ".", "..", "%2e", "%2F", ";", "a", "b", "%61", "%c3%a9", "%3B")
        .list()
        .ofMaxSize(14)
        .map(parts -> "/" + String.join("", parts));
  }

  @Property(tries = 5000)
  void agreesWithSecondReader(@ForAll("paths") String path) {
    assertEquals(secondReading(path), reading(path));
  }

  @Property(tries = 5000)
  void agreesWithSecondReaderOnLegalCharacters(@ForAll("tamePaths") String path) {
    assertEquals(secondReading(path), reading(path));
  }

  @Property(tries = 5000)
  void isIdempotent(@ForAll("tamePaths") String path) {
    reading(path).ifPresent(normal -> assertSame(normal, RequestTarget.normalisePath(normal)));
  }

  @Property(tries = 5000)
  void noReaderFindsDotSegments(@ForAll("tamePaths") String path) {
    reading(path)
        .ifPresent(
            normal -> {
              String loose = normal.replace("%2F", "/").replace("%5C", "/").replace("%3B", ";");
              for (String segment : loose.split("/", -1)) {
                String bare =
                    segment.contains(";") ? segment.substring(0, segment.indexOf(';')) : segment;
                assertFalse(bare.equals(".") || bare.equals(".."), normal);
              }
            });
  }

  @Property(tries = 2000)
  void escapingUnreservedCharactersChangesNothing(@ForAll("tamePaths") String path) {
    String escaped = path.replaceAll("(?<![%0-9a-fA-F])a", "%61").replace(".", "%2e");
    assertEquals(reading(path), reading(escaped));
  }

  @Property(tries = 5000)
  void anythingIsReadOrRefused(@ForAll String method, @ForAll String target, @ForAll String host) {
    HeaderList headers = new HeaderList();
    headers.append("Host", host);
    try {
      RequestTarget.parse(method, target, HttpVersion.HTTP_1_1, "http", headers).toUri();
    } catch (BadTargetException e) {
      assertTrue(e.fault().status() == 400);
    }
  }

  @Property(tries = 2000)
  void whatIsReadMakesUri(@ForAll("paths") String path, @ForAll("queries") String query)
      throws Exception {
    if (reading(path).isEmpty()) return;
    RequestTarget target = RequestTargetTest.get(path + "?" + query, "a.example:8080");
    assertEquals(query, target.query());
    assertEquals(target.path() + "?" + query, target.pathAndQuery());
    URI uri = target.toUri();
    assertEquals("a.example", uri.getHost());
    assertEquals(8080, uri.getPort());
    RequestTarget again = RequestTargetTest.get(uri.getRawPath(), "a.example");
    assertEquals(uri.getRawPath(), again.path());
  }

  @Provide
  Arbitrary<String> queries() {
    return Arbitraries.strings().withCharRange('!', '~').excludeChars('#').ofMaxLength(20);
  }

  private static Optional<String> reading(String path) {
    try {
      return Optional.of(RequestTarget.normalisePath(path));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> secondReading(String path) {
    if (!LEGAL.matcher(path).matches()) return Optional.empty();
    String decoded =
        ESCAPE
            .matcher(path)
            .replaceAll(
                escape -> {
                  String text = String.valueOf((char) Integer.parseInt(escape.group(1), 16));
                  boolean plain = UNRESERVED.matcher(text).matches();
                  return plain ? text : "%" + escape.group(1).toUpperCase(java.util.Locale.ROOT);
                });
    if (OVERLONG.matcher(decoded).find() || HIDDEN_DOTS.matcher(parametersCut(decoded)).find()) {
      return Optional.empty();
    }
    List<String> segments = new ArrayList<>();
    String[] parts = decoded.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (parts[i].equals("..")) {
        if (segments.isEmpty()) return Optional.empty();
        segments.remove(segments.size() - 1);
      } else if (!parts[i].equals(".")) {
        segments.add(parts[i]);
        continue;
      }
      if (last) segments.add("");
    }
    return Optional.of("/" + String.join("/", segments));
  }

  /** Cuts parameters down to their first character, so that dots in them do not count. */
  private static String parametersCut(String path) {
    return path.replaceAll("(?:;|%3B)(?:(?!/|%2F|%5C).)*", ";");
  }
}
