package dev.headgate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.http.HttpVersion;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @Test
  void originFormTakesAuthorityFromHost() throws Exception {
    RequestTarget target = get("/v1/models?limit=3", "API.Example.com:8443");
    assertEquals(RequestTarget.Form.ORIGIN, target.form());
    assertEquals("http", target.scheme());
    assertEquals("api.example.com:8443", target.authority());
    assertEquals("api.example.com", target.host());
    assertEquals(8443, target.port());
    assertEquals("/v1/models", target.path());
    assertEquals("limit=3", target.query());
  }

  @Test
  void absoluteFormBeatsHost() throws Exception {
    RequestTarget target = get("HTTPS://One.example/a?b", "two.example:81");
    assertEquals(RequestTarget.Form.ABSOLUTE, target.form());
    assertEquals("https", target.scheme());
    assertEquals("one.example", target.authority());
    assertEquals(443, target.port());
    assertEquals("/a?b", target.pathAndQuery());
  }

  @ParameterizedTest
  @CsvSource({"http://a.example,/", "http://a.example?q,/?q", "http://a.example/,/"})
  void emptyPathOfAbsoluteFormIsRoot(String target, String expected) throws Exception {
    assertEquals(expected, get(target, "a.example").pathAndQuery());
  }

  @Test
  void asteriskIsForOptionsOnly() throws Exception {
    assertEquals("*", parse("OPTIONS", "*", HttpVersion.HTTP_1_1, "a.example").path());
    assertEquals("*", parse("OPTIONS", "*", HttpVersion.HTTP_2, "a.example").path());
    assertBad("GET", "*", HttpVersion.HTTP_1_1, "a.example");
    assertBad("OPTIONS", "**", HttpVersion.HTTP_1_1, "a.example");
  }

  @Test
  void optionsOfBareAbsoluteFormIsAsterisk() throws Exception {
    RequestTarget target =
        parse("OPTIONS", "http://b.example:81", HttpVersion.HTTP_1_1, "a.example");
    assertEquals("*", target.path());
    assertEquals("b.example:81", target.authority());
    assertEquals(URI.create("http://b.example:81"), target.toUri());
    assertEquals(
        "/", parse("OPTIONS", "http://b.example/", HttpVersion.HTTP_1_1, "a.example").path());
  }

  @ParameterizedTest
  @CsvSource({"a.example:443,a.example,443", "A.EXAMPLE.:0443,a.example,443", "[::1]:22,::1,22"})
  void connectHasAuthorityForm(String sent, String host, int port) throws Exception {
    RequestTarget target = parse("CONNECT", sent, HttpVersion.HTTP_1_1, "other.example");
    assertEquals(RequestTarget.Form.AUTHORITY, target.form());
    assertEquals(host, target.host());
    assertEquals(port, target.port());
    assertEquals("", target.path());
    assertNull(target.query());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example",
        "a.example:",
        "/",
        "*",
        "http://a.example:443",
        "a.example:443/",
        "u@a.example:443",
        "a.example:0",
        "a.example:65536",
        ":443",
        "[::1:443",
        "a:b:443"
      })
  void connectRefusesEverythingElse(String target) {
    assertBad("CONNECT", target, HttpVersion.HTTP_1_1, "a.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example:443", "ftp://a.example/", "a", "?q", "http:/a", ""})
  void otherMethodsRefuseOtherForms(String target) {
    assertBad("GET", target, HttpVersion.HTTP_1_1, "a.example");
  }

  @Test
  void http2HasNoAbsoluteForm() {
    assertBad("GET", "http://a.example/", HttpVersion.HTTP_2, "a.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "http://a.example/", "*"})
  void missingHostIsRefusedFromHttp11On(String target) throws Exception {
    String method = target.equals("*") ? "OPTIONS" : "GET";
    assertBad(method, target, HttpVersion.HTTP_1_1);
    RequestTarget old = parse(method, target, HttpVersion.HTTP_1_0);
    assertEquals(target.startsWith("h") ? "a.example" : "", old.authority());
  }

  @Test
  void missingAuthorityStillMakesUri() throws Exception {
    RequestTarget target = parse("GET", "//evil/x?q", HttpVersion.HTTP_1_0);
    assertEquals("", target.host());
    assertEquals(80, target.port());
    assertNull(target.toUri().getHost());
    assertEquals("//evil/x", target.toUri().getRawPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_0", "HTTP_1_1", "HTTP_2"})
  void doubledHostIsRefusedInAnyVersion(HttpVersion version) {
    assertBad("GET", "/", version, "a.example", "a.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a,b",
        "a/b",
        "a@b",
        "a:b",
        "a:99999",
        "a:0",
        "a..b",
        ".a",
        ".",
        "a%41",
        "é",
        "[::1",
        "[1.2.3.4]",
        "[fe80::1%25eth0]",
        "[::1]x",
        "::1",
        "a?b",
        "a#b",
        "a\\b",
        "[]",
        "[v1.a]"
      })
  void malformedHostIsRefusedEvenWhereTargetBeatsIt(String host) {
    assertBad("GET", "/", HttpVersion.HTTP_1_1, host);
    assertBad("GET", "http://a.example/", HttpVersion.HTTP_1_1, host);
  }

  @Test
  void emptyHostIsAcceptedWhereTargetHasAuthority() throws Exception {
    assertEquals("a.example", get("http://a.example/", "").authority());
    assertBad("GET", "/", HttpVersion.HTTP_1_1, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u@a.example/",
        "http://u:p@a.example/",
        "http://a.example:80@b.example/",
        "http:///",
        "http://",
        "http://[::1/",
        "http://a.example:x/",
        "http://a.example#f",
        "http://a.example\\@b.example/"
      })
  void badAuthorityOfAbsoluteFormIsRefused(String target) {
    assertBad("GET", target, HttpVersion.HTTP_1_1, "a.example");
  }

  @ParameterizedTest
  @CsvSource({
    "a.example., a.example",
    "a.example:, a.example",
    "a.example.:080, a.example:80",
    "A_b-1.Example, a_b-1.example",
    "[2001:DB8::1]:80, [2001:db8::1]:80",
    "[::ffff:1.2.3.4], [::ffff:1.2.3.4]",
    "[1:2:3:4:5:6:7:8], [1:2:3:4:5:6:7:8]",
    "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7::]",
    "[::], [::]",
    "127.0.0.1:65535, 127.0.0.1:65535"
  })
  void authorityHasOneForm(String sent, String expected) throws Exception {
    assertEquals(expected, RequestTarget.normaliseAuthority(sent));
    assertSame(expected, RequestTarget.normaliseAuthority(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[:1]",
        "[1:]",
        "[:::]",
        "[12345::]",
        "[g::]",
        "[::1.2.3]",
        "[::1.2.3.256]",
        "[::01.2.3.4]",
        "[::1.2.3.4.5]",
        "[1.2.3.4::]",
        "[1:2:3:4:5:6:7:8::]",
        "[::1.2.3.]"
      })
  void badAddressIsRefused(String authority) {
    assertThrows(BadTargetException.class, () -> RequestTarget.normaliseAuthority(authority));
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b, /a/b",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/a/b/.., /a/",
    "/a/b/., /a/b/",
    "/., /",
    "/a/.., /",
    "/a/%2e%2E/b, /b",
    "/a/.%2e/b, /b",
    "/a//b, /a//b",
    "//a, //a",
    "/a//../b, /a/b",
    "/a/..//b, //b",
    "/%61%7E%2D, /a~-",
    "/a%2fb%5cc, /a%2Fb%5Cc",
    "/caf%c3%a9, /caf%C3%A9",
    "/a%252e%252e/b, /a%252e%252e/b",
    "/..., /...",
    "/.a/..b/a../a., /.a/..b/a../a.",
    "/a;x=1/b;/..;c, ",
    "/a;x=1/../b, /b",
    "/a%3b, /a%3B",
    "/|{}[]!$&'()*+;=:@, /|{}[]!$&'()*+;=:@",
    "/v1/models/a:b, /v1/models/a:b"
  })
  void pathHasOneReading(String sent, String expected) throws Exception {
    if (expected == null) {
      assertBad("GET", sent, HttpVersion.HTTP_1_1, "a.example");
    } else {
      assertEquals(expected, get(sent, "a.example").path());
      assertEquals(expected, RequestTarget.normalisePath(sent));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../a",
        "/a/../..",
        "/%2e%2e",
        "/./../a",
        "/a/..;/b",
        "/..;",
        "/.;x/a",
        "/%2e%2e;a=b/",
        "/a/..%3B/b",
        "/..%2Fa",
        "/a/..%2fb",
        "/a/b%2F..",
        "/a%5C..%5Cb",
        "/.%2Fa",
        "/a%2F..;x/b",
        "/a;%2F../b",
        "/%00",
        "/a%0a",
        "/%1F",
        "/%7f",
        "/%",
        "/%4",
        "/%zz",
        "/a%",
        "/%C0%AE/",
        "/%c1%9c",
        "/%E0%80%AF",
        "/%F0%80%80%AF",
        "/a b",
        "/a\tb",
        "/a\u0000",
        "/\"",
        "/<",
        "/>",
        "/\\",
        "/a\\..\\b",
        "/^",
        "/`",
        "/é",
        "/\u007f",
        "/a#b",
        "/#",
        "/a?b#c",
        "/a?b c",
        "/a?\u0001",
        "/a?é",
        "/a?\u007f"
      })
  void ambiguousOrIllegalTargetIsRefused(String target) {
    assertBad("GET", target, HttpVersion.HTTP_1_1, "a.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a|b", "{}[]", "\"<>\\^`", "100%", "%zz&%00", "a=/../b?c", "a;b,c@:"})
  void queryPassesAsItCame(String query) throws Exception {
    RequestTarget target = get("/a?" + query, "a.example");
    assertEquals(query, target.query());
    assertEquals("/a?" + query, target.pathAndQuery());
    assertEquals("/a", target.toUri().getRawPath());
    assertSame(query, RequestTarget.requireQuery(query));
  }

  @Test
  void normalTargetIsNotCopied() throws Exception {
    String path = "/v1/.well-known/a..b/caf%C3%A9%2Fx;p=1/";
    assertSame(path, get(path, "a.example").path());
    assertSame(path, RequestTarget.normalisePath(path));
    String target = "/v1/chat?stream=true";
    assertSame(target, get(target, "a.example").pathAndQuery());
    String host = "a.example";
    RequestTarget parsed = get(path, host);
    assertSame(host, parsed.authority());
    assertSame(host, parsed.host());
  }

  @Test
  void changedPathIsForwardedAsRead() throws Exception {
    assertEquals("/b?q=../x", get("/a/../b?q=../x", "a.example").pathAndQuery());
    assertEquals("/a%2Fb?q", get("/a%2fb?q", "a.example").pathAndQuery());
  }

  @Test
  void uriEncodesWhatUriRefuses() throws Exception {
    URI uri = get("/a|{b}[c]?d|{e}\"<>\\^`[f]%zz%41", "a_b.example:81").toUri();
    assertEquals("/a%7C%7Bb%7D%5Bc%5D", uri.getRawPath());
    assertEquals("d%7C%7Be%7D%22%3C%3E%5C%5E%60[f]%25zz%41", uri.getRawQuery());
    assertEquals("a_b.example:81", uri.getRawAuthority());
  }

  @Test
  void pluginsGetIllegalArgument() {
    for (String path : new String[] {"", "a", "*", "/a?b", "/a#b", "/..", "/ "}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> RequestTarget.normalisePath(path));
      assertEquals(
          "'" + path + "'", e.getMessage().substring(e.getMessage().length() - path.length() - 2));
    }
    IllegalArgumentException forged =
        assertThrows(
            IllegalArgumentException.class, () -> RequestTarget.normalisePath("/a\r\nWARN b"));
    assertTrue(forged.getMessage().endsWith("'/a??WARN b'"), forged.getMessage());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> RequestTarget.requireQuery("key=secret x"));
    assertFalse(e.getMessage().contains("secret"));
    assertNull(RequestTarget.requireQuery(null));
  }

  @Test
  void textLeavesOutQuery() throws Exception {
    assertEquals("http://a.example/b?…", get("/b?key=secret", "a.example").toString());
  }

  static RequestTarget get(String target, String... hosts) throws BadTargetException {
    return parse("GET", target, HttpVersion.HTTP_1_1, hosts);
  }

  private static RequestTarget parse(
      String method, String target, HttpVersion version, String... hosts)
      throws BadTargetException {
    HeaderList headers = new HeaderList();
    headers.append("Accept", "*/*");
    for (String host : hosts) headers.append("hOST", host);
    return RequestTarget.parse(method, target, version, "http", headers);
  }

  private static void assertBad(
      String method, String target, HttpVersion version, String... hosts) {
    BadTargetException e =
        assertThrows(BadTargetException.class, () -> parse(method, target, version, hosts));
    assertEquals(ErrorCode.BAD_REQUEST, e.fault().code());
    assertEquals(Phase.RECEIVE_REQUEST, e.fault().phase());
    assertEquals(e.getMessage(), e.fault().detail());
    assertEquals(0, e.getStackTrace().length);
  }
}
