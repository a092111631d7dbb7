package dev.headgate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldRulesTest {
  private static HeaderList headers(String... pairs) {
    HeaderList list = new HeaderList();
    for (int i = 0; i < pairs.length; i += 2) list.add(pairs[i], pairs[i + 1]);
    return list;
  }

  @Test
  void dropsWhatConnectionNamesOnAnyLine() {
    HeaderList list =
        headers(
            "connection",
            "close, X-Secret",
            "X-Secret",
            "1",
            "Connection",
            "x-other",
            "X-Other",
            "2",
            "Keep-Alive",
            "timeout=5",
            "TE",
            "trailers",
            "Accept",
            "*/*");
    FieldRules.dropHopByHop(list);
    assertEquals("[Accept]", list.toString());
  }

  @Test
  void dropsWhatIsNamedBeforePluginsAdd() {
    HeaderList list =
        headers(
            "Connection",
            "keep-alive",
            "X-User",
            "1",
            "Connection",
            "x-user, TE, X-Absent, Upgrade, Host",
            "TE",
            "trailers",
            "Upgrade",
            "websocket",
            "Host",
            "a");
    assertEquals(List.of("x-user", "X-Absent"), FieldRules.dropNamed(list));
    assertEquals("[TE, Upgrade, Host, Connection]", list.toString());
    assertEquals("TE, Upgrade, Host, keep-alive", list.get("Connection"));
  }

  @Test
  void namesNothingWhereThereIsNoMoreThanAnOption() {
    HeaderList list = headers("Connection", "Keep-Alive", "Connection", "close", "Accept", "a");
    assertEquals(List.of(), FieldRules.dropNamed(list));
    assertEquals("[Connection, Connection, Accept]", list.toString());
    assertEquals(List.of(), FieldRules.dropNamed(headers("Accept", "a")));
  }

  @Test
  void cleansTrailers() {
    HeaderList list =
        headers("X-Hop", "1", "host", "a", "Content-Length", "1", "Trailer", "b", "X-Sum", "2");
    FieldRules.cleanTrailers(list, List.of("x-hop"));
    assertEquals("[X-Sum]", list.toString());
  }

  @Test
  void keepsWhatTheMessageCantDoWithout() {
    HeaderList list =
        headers("Connection", "Host, Content-Length", "Host", "a", "Content-Length", "3");
    FieldRules.dropHopByHop(list);
    assertEquals("[Host, Content-Length]", list.toString());
  }

  @Test
  void leavesOthersAlone() {
    HeaderList list = headers("Accept", "a", "Accept", "b");
    FieldRules.dropHopByHop(list);
    assertEquals(2, list.size());
  }

  @Test
  void findsTokensWithParametersAndOnAnyLine() {
    HeaderList list = headers("TE", "gzip;q=0.5", "TE", "Trailers ; q=1");
    assertTrue(FieldRules.names(list, "te", "trailers"));
    assertTrue(FieldRules.names(list, "te", "gzip"));
    assertFalse(FieldRules.names(list, "te", "deflate"));
  }

  @Test
  void addsItsHopAfterTheOthers() {
    HeaderList list = headers("Via", "1.0 a", "Via", "1.1 b (c)");
    new Via("me").add(list, HttpVersion.HTTP_1_1);
    assertEquals("1.0 a, 1.1 b (c), 1.1 me", list.get("Via"));
    assertTrue(new Via("me").isIn(list));
    assertTrue(new Via("b").isIn(list));
    assertFalse(new Via("c").isIn(list));
  }

  @Test
  void findsCodingsOtherThanChunked() {
    assertNull(FieldRules.unknownTransferCoding(headers("Transfer-Encoding", "Chunked")));
    assertEquals(
        "gzip", FieldRules.unknownTransferCoding(headers("Transfer-Encoding", "gzip, chunked")));
  }

  @Test
  void setsOneLength() {
    HeaderList list = headers("Content-Length", "3", "Content-Length", "3");
    FieldRules.setLength(list, 3);
    assertEquals(1, list.size());
    FieldRules.setLength(list, -1);
    assertEquals(0, list.size());
  }
}
