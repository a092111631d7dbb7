package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.plugins.support.FakeProxyContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  private final Masking masking =
      new Masking(new SecretNames(Set.of("x-own"), Set.of("tenant", "x y")));

  private Map<String, String> headers(String... namesAndValues) {
    FakeProxyContext ctx = FakeProxyContext.get();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      ctx.header(namesAndValues[i], namesAndValues[i + 1]);
    }
    return masking.headers(ctx.headers());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "AUTHORIZATION",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "Cookie2",
        "X-Api-Key",
        "api-key",
        "apikey",
        "X-Goog-Api-Key",
        "Ocp-Apim-Subscription-Key",
        "X-Auth-Token",
        "X-Amz-Security-Token",
        "X-Client-Secret",
        "X-Own",
        "x-own"
      })
  void masksSecretHeaders(String name) {
    Map<String, String> out = headers(name, "hidden", name, "hidden too");
    assertEquals(Map.of(name.toLowerCase(Locale.ROOT), "***, ***"), out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type",
        "X-Headgate-Session-ID",
        "User-Agent",
        "WWW-Authenticate",
        "anthropic-ratelimit-tokens-limit"
      })
  void showsOtherHeaders(String name) {
    assertTrue(headers(name, "shown").containsValue("shown"));
  }

  @Test
  void masksInsideOtherHeaders() {
    assertEquals(
        "https://***@h/cb?code=***&x=1#access_token=***",
        headers("Location", "https://u:p@h/cb?code=c&x=1#access_token=t").get("location"));
    assertEquals(
        "<https://h/n?key=***>; rel=\"next\"",
        headers("Link", "<https://h/n?key=k>; rel=\"next\"").get("link"));
  }

  @Test
  void joinsLinesAndKeepsOrder() {
    assertEquals(
        List.of("accept=a, b", "host=h"),
        headers("Accept", "a", "Host", "h", "ACCEPT", "b").entrySet().stream()
            .map(Object::toString)
            .toList());
  }

  @Test
  void keepsABoundedAmountOfHeaders() {
    FakeProxyContext ctx = FakeProxyContext.get();
    for (int i = 0; i < 100; i++) ctx.header("X-" + i, "v".repeat(500));
    Map<String, String> out = masking.headers(ctx.headers());
    assertTrue(out.size() < 20, out.size() + " headers");
    assertEquals((100 - out.size() + 1) + " more", out.get("..."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1&b=2 | a=1&b=2",
        "key=s | key=***",
        "KEY=s | KEY=***",
        "a=1&key=s&b=2 | a=1&key=***&b=2",
        "access_token=s | access_token=***",
        "accessToken=s&x | accessToken=***&x",
        "client_secret=s | client_secret=***",
        "X-Amz-Signature=s&X-Amz-Date=d | X-Amz-Signature=***&X-Amz-Date=d",
        "password=a=b=c | password=***",
        "key=a,b;c'd | key=***",
        "%6Bey=s | %6Bey=***",
        "k%65y=s&a=1 | k%65y=***&a=1",
        "api+key=s | api+key=***",
        "auth[token]=s | auth[token]=***",
        "key[]=s&key[]=t | key[]=***&key[]=***",
        "code=s&state=x | code=***&state=x",
        "tenant=s | tenant=***",
        "x+y=s | x+y=***",
        "max_tokens=5 | max_tokens=5",
        "keyword=5 | keyword=5",
        "key= | key=",
        "key | key",
        "key=&a=1 | key=&a=1",
        "%zzkey=s | %zzkey=***",
        "to=https://u:p@h/?key=s&a=1 | to=https://***@h/?key=***&a=1",
        "to=https%3A%2F%2Fh%3Faccess_token%3Ds%26a%3D1&b=2 "
            + "| to=https%3A%2F%2Fh%3Faccess_token%3D***&b=2",
      })
  void masksSecretParametersOfAQuery(String query, String shown) {
    assertEquals(shown, masking.query(query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain text | plain text",
        "status code=500 | status code=500",
        "GET https://u:p@h:80/x?token=s failed | GET https://***@h:80/x?token=*** failed",
        "token=\"a b\" rest | token=*** rest",
        "token=\"unended | token=***",
        "/p/https://u:p@h/x | /p/https://***@h/x",
        "mail to a@b.example | mail to a@b.example",
        "//h/a@b | //h/a@b",
        "https://a@b@h/ | https://***@h/",
        "https://u:p@ | https://***@",
        "/p;token=s/x | /p;token=***",
        "a=1 | a=1",
        "x://// | x:////",
      })
  void masksSecretsInAnyText(String text, String shown) {
    assertEquals(shown, masking.text(text));
  }

  @Test
  void masksUserInfoOfAnAuthority() {
    assertEquals("h:80", masking.authority("h:80"));
    assertEquals("***@h:80", masking.authority("u:p@x@h:80"));
  }

  @Test
  void escapesWhatCouldForgeALine() {
    assertEquals(
        "a\\r\\nb\\tc\\u001b[0m\\u0085\\u2028\\u202e\\u0000\u00e4",
        masking.text("a\r\nb\tc\u001b[0m\u0085\u2028\u202e\u0000\u00e4"));
    assertEquals("x\\n", masking.query("x\n"));
    assertEquals("h\\n", masking.authority("h\n"));
    assertEquals("v\\nw", headers("X-A", "v\nw").get("x-a"));
  }

  @Test
  void shortensLongText() {
    String out = masking.text("x".repeat(3000));
    assertEquals("x".repeat(2048) + "... (952 more)", out);
    String harmless = "short";
    assertSame(harmless, masking.text(harmless));
  }

  @Test
  void masksBeforeItShortens() {
    assertFalse(masking.query("a=" + "x".repeat(2040) + "&key=secret").contains("s"));
  }

  @Test
  void keepsAHarmlessException() {
    IOException harmless = new IOException("refused", new IOException("deeper"));
    assertSame(harmless, masking.cause(harmless));
    assertNull(masking.cause(null));
  }

  @Test
  void replacesAnExceptionWhoseTextIsNotHarmless() {
    IOException inner = new IOException("at https://u:p@h/?key=s3cret\r\nFAKE line");
    IOException outer = new IOException("outer", inner);
    outer.addSuppressed(new IllegalStateException("token=s3cret"));
    Throwable safe = masking.cause(outer);
    assertNotSame(outer, safe);
    assertEquals(outer.getStackTrace()[0], safe.getStackTrace()[0]);
    StringWriter text = new StringWriter();
    safe.printStackTrace(new PrintWriter(text, true));
    assertTrue(text.toString().contains("java.io.IOException: outer"), text.toString());
    assertTrue(
        text.toString().contains("java.io.IOException: at https://***@h/?key=***\\r\\nFAKE line"),
        text.toString());
    assertTrue(text.toString().contains("IllegalStateException: token=***"), text.toString());
    assertFalse(text.toString().contains("s3cret"), text.toString());
  }

  @Test
  void survivesExceptionsThatCauseEachOther() {
    IOException first = new IOException("key=s3cret");
    IOException second = new IOException("second", first);
    first.initCause(second);
    assertFalse(masking.cause(second).getCause().getMessage().contains("s3cret"));
    IOException third = new IOException("third");
    third.addSuppressed(new IOException("fourth", third));
    assertSame(third, masking.cause(third));
  }
}
