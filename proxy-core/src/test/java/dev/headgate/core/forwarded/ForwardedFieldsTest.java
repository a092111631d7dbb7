package dev.headgate.core.forwarded;

import static dev.headgate.core.forwarded.ForwardedFamily.FORWARDED;
import static dev.headgate.core.forwarded.ForwardedFamily.X_FORWARDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.ClientInfo;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.IpText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 28, on fields alone. */
class ForwardedFieldsTest {
  private static final ClientInfo V4 = client("192.0.2.7");
  private static final ClientInfo V6 = client("2001:db8::1");

  private static ClientInfo client(String address) {
    try {
      return new ClientInfo(new InetSocketAddress(InetAddress.getByName(address), 1234), null);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static HeaderList headers(String... namesAndValues) {
    HeaderList headers = new HeaderList();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.append(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  @Test
  void tellsNothingByDefault() {
    HeaderList headers = headers("Accept", "*/*");
    ForwardedFields.none().add(headers, V4, "http", "localhost:8080");
    assertEquals(1, headers.size());
  }

  @Test
  void writesXForwarded() {
    HeaderList headers = headers();
    ForwardedFields.of(X_FORWARDED).add(headers, V6, "https", "example.com");
    assertEquals("2001:db8::1", headers.get("X-Forwarded-For"));
    assertEquals("https", headers.get("X-Forwarded-Proto"));
    assertEquals("example.com", headers.get("X-Forwarded-Host"));
    assertEquals("443", headers.get("X-Forwarded-Port"));
    assertNull(headers.get("Forwarded"));
  }

  @Test
  void takesThePortFromTheAuthority() {
    HeaderList headers = headers();
    ForwardedFields.of(X_FORWARDED).add(headers, V4, "http", "[::1]:8080");
    assertEquals("8080", headers.get("X-Forwarded-Port"));
    headers = headers();
    ForwardedFields.of(X_FORWARDED).add(headers, V4, "http", "[::1]");
    assertEquals("80", headers.get("X-Forwarded-Port"));
  }

  @Test
  void writesForwarded() {
    HeaderList headers = headers();
    ForwardedFields.of(FORWARDED).add(headers, V4, "http", "example.com");
    assertEquals("for=192.0.2.7;host=example.com;proto=http", headers.get("Forwarded"));
    assertEquals(1, headers.size());
  }

  @Test
  void quotesWhatIsNoToken() {
    HeaderList headers = headers();
    ForwardedFields.builder()
        .write(FORWARDED)
        .by("[::1]")
        .build()
        .add(headers, V6, "https", "[2001:db8::2]:8443");
    assertEquals(
        "for=\"[2001:db8::1]\";host=\"[2001:db8::2]:8443\";by=\"[::1]\";proto=https",
        headers.get("Forwarded"));
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    HeaderList headers = headers();
    ClientInfo unknown = new ClientInfo(InetSocketAddress.createUnresolved("x", 1), null);
    ForwardedFields.of(FORWARDED, X_FORWARDED).add(headers, unknown, "http", "");
    assertEquals("for=unknown;proto=http", headers.get("Forwarded"));
    assertEquals("unknown", headers.get("X-Forwarded-For"));
    assertFalse(headers.contains("X-Forwarded-Host"));
    assertFalse(headers.contains("X-Forwarded-Port"));
    headers.fields().forEach(field -> assertFalse(field.value().contains("null"), field.name()));
  }

  @Test
  void hidesTheClient() {
    HeaderList headers = headers();
    ForwardedFields.builder()
        .write(FORWARDED, X_FORWARDED)
        .hideClient("_hidden")
        .by("_proxy")
        .build()
        .add(headers, V4, "http", "a");
    assertEquals("for=_hidden;host=a;by=_proxy;proto=http", headers.get("Forwarded"));
    assertEquals("_hidden", headers.get("X-Forwarded-For"));
  }

  @Test
  void addsToWhatIsThere() {
    HeaderList headers =
        headers(
            "Forwarded",
            "for=a",
            "forwarded",
            "for=b",
            "X-Forwarded-For",
            "1.2.3.4",
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Host",
            "first");
    ForwardedFields.of(FORWARDED, X_FORWARDED).add(headers, V4, "http", "second");
    assertEquals("for=a, for=b, for=192.0.2.7;host=second;proto=http", headers.get("Forwarded"));
    assertEquals("1.2.3.4, 192.0.2.7", headers.get("X-Forwarded-For"));
    assertEquals("https", headers.get("X-Forwarded-Proto"));
    assertEquals("first", headers.get("X-Forwarded-Host"));
  }

  @Test
  void namesAllMistakes() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ForwardedFields.builder().hideClient("me").by("::1").build());
    assertTrue(e.getMessage().contains("'me'"), e.getMessage());
    assertTrue(e.getMessage().contains("'::1'"), e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TrustedClients.builder()
                    .trust(FORWARDED, "localhost", "10.0.0.1/8")
                    .trust(X_FORWARDED, "::1/129")
                    .build());
    for (String bad : new String[] {"'localhost'", "'10.0.0.1/8'", "'::1/129'"}) {
      assertTrue(e.getMessage().contains(bad), e.getMessage());
    }
  }

  // --- trust

  @Test
  void dropsWhatOthersSay() {
    HeaderList headers =
        headers(
            "X-Forwarded-For",
            "1.2.3.4",
            "x-forwarded-ssl",
            "on",
            "Forwarded",
            "for=1.2.3.4",
            "X-Forward",
            "kept",
            "X-FORWARDED-FOR",
            "5.6.7.8",
            "From",
            "kept");
    TrustedClients.none().filter(headers, V4);
    assertEquals(2, headers.size());
    assertEquals("kept", headers.get("X-Forward"));
    assertEquals("kept", headers.get("From"));
  }

  @Test
  void keepsOnlyTheFamilyThatIsTrusted() {
    TrustedClients trusted = TrustedClients.builder().trust(X_FORWARDED, "192.0.2.0/24").build();
    HeaderList headers = headers("X-Forwarded-For", "1.2.3.4", "Forwarded", "for=5.6.7.8");
    trusted.filter(headers, V4);
    assertEquals("1.2.3.4", headers.get("X-Forwarded-For"));
    assertFalse(headers.contains("Forwarded"));
    trusted.filter(headers, client("192.0.3.7"));
    assertEquals(0, headers.size());
  }

  @Test
  void leavesAllAlone() {
    HeaderList headers = headers("X-Forwarded-For", "1.2.3.4", "Forwarded", "for=5.6.7.8");
    TrustedClients.all().filter(headers, V4);
    assertEquals(2, headers.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.2.3.4 | 1.2.3.4",
        "9.9.9.9, 1.2.3.4 | 1.2.3.4", // what an untrusted hop says does not count
        "1.2.3.4, 192.0.2.9 | 1.2.3.4",
        "1.2.3.4:99, 192.0.2.9 | 1.2.3.4",
        "[2001:db8::5]:99 | 2001:db8::5",
        "unknown | ",
        "1.2.3.4, null, 192.0.2.9 | 192.0.2.9",
        "evil.example | ",
        " , | "
      })
  void findsTheOriginalClient(String value, String expected) {
    TrustedClients trusted = TrustedClients.builder().trust(X_FORWARDED, "192.0.2.0/24").build();
    InetAddress found = trusted.original(headers("X-Forwarded-For", value), V4);
    assertEquals(expected, found == null ? null : IpText.format(found));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "for=1.2.3.4 | 1.2.3.4",
        "proto=https;For=\"[2001:db8::5]:99\" ; by=_x, for=192.0.2.9 | 2001:db8::5",
        "for=1.2.3.4, by=_nobody | ",
        "for=\"1.2.3.4\\\",for=9.9.9.9\" | ",
        "for=1.2.3.4, for=\"open | ",
        "for=_hidden | ",
        "for | ",
        "for=1.2.3.4;;proto=http,, | 1.2.3.4"
      })
  void readsForwarded(String value, String expected) {
    TrustedClients trusted = TrustedClients.builder().trust(FORWARDED, "192.0.2.0/24").build();
    InetAddress found = trusted.original(headers("Forwarded", value), V4);
    assertEquals(expected, found == null ? null : IpText.format(found));
  }

  @Property
  void readsAnyText(@ForAll String text) {
    HeaderList headers = headers("Forwarded", text, "X-Forwarded-For", text);
    ForwardedChain.forwarded(headers);
    ForwardedChain.forwardedFor(headers);
  }
}
