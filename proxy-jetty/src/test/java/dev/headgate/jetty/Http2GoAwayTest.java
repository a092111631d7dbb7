package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** GOAWAY from both sides, streams that upstreams refuse, and what is sent again (rule 27). */
class Http2GoAwayTest extends Http2WireTest {
  @Test
  void stopDrains() throws Exception {
    Proxy proxy = h2Proxy();
    Frames client = h2(proxy).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    Frames idle = h2(proxy);
    idle.ping().await(Frames.PING);
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(() -> proxy.stop(java.time.Duration.ofSeconds(20)));
    Frames.Frame goAway = client.await(Frames.GOAWAY);
    assertEquals(Frames.NO_ERROR, goAway.code());
    assertEquals(Integer.MAX_VALUE, goAway.lastStream());
    assertEquals(Frames.NO_ERROR, idle.awaitGoAway());
    answer(at, 1, "last");
    assertEquals("last", answerOf(client, 1));
    assertEquals(Frames.NO_ERROR, client.awaitGoAway());
    stopped.get(20, TimeUnit.SECONDS);
  }

  @Test
  void upstreamsGoAwayLetsItsStreamsEndAndOthersGoElsewhere() {
    Frames client = h2(h2Proxy()).get(1, "/x/1");
    Frames first = upstream();
    first.await(Frames.HEADERS);
    client.get(3, "/x/3");
    first.await(Frames.HEADERS);
    first.goAway(1, Frames.NO_ERROR);
    // What is above the last stream was not processed: it is sent again, elsewhere (rule 27).
    Frames second = upstream();
    assertEquals("/x/3", second.await(Frames.HEADERS).get(":path"));
    answer(second, 1, "three");
    assertEquals("three", answerOf(client, 3));
    client.get(5, "/x/5");
    assertEquals("/x/5", second.await(Frames.HEADERS).get(":path"));
    answer(second, 3, "five");
    assertEquals("five", answerOf(client, 5));
    answer(first, 1, "one");
    assertEquals("one", answerOf(client, 1));
    first.awaitEnd();
  }

  /** RFC 9113 section 6.8: a call may meet several connections that end, one after the other. */
  @Test
  void callIsPassedOverByManyConnectionsInARow() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 10; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.NO_ERROR);
      at.awaitEnd();
    }
    Frames last = upstream();
    assertEquals("/x/", last.await(Frames.HEADERS).get(":path"));
    answer(last, 1, "fine");
    assertEquals("fine", answerOf(client, 1));
  }

  @Test
  void callIsNotSentAgainWithoutEnd() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 11; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.NO_ERROR);
    }
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_aborted"));
  }

  /** An upstream that finds fault with us gets a second try, as for a stream that it refused. */
  @Test
  void callThatMeetsAGoAwayWithAnErrorIsSentOnceMore() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 2; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.ENHANCE_YOUR_CALM);
    }
    assertEquals(502, client.of(1).status());
  }

  @Test
  void callWhoseBodyWasReadIsNotSentAgainAfterAGoAway() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, false, "abc");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.await(Frames.DATA);
    at.goAway(0, Frames.NO_ERROR);
    assertEquals(502, client.of(1).status());
  }

  /**
   * Streams below the last one that is processed end where they are, whatever is sent elsewhere.
   */
  @Test
  void streamThatIsProcessedIsNotSentAgainWhenItsConnectionEnds() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, true, "");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.goAway(1, Frames.NO_ERROR);
    at.close();
    assertEquals(502, client.of(1).status());
  }

  @Test
  void refusedStreamIsSentOnceMore() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.reset(1, Frames.REFUSED_STREAM);
    assertEquals(3, at.await(Frames.HEADERS).stream());
    at.reset(3, Frames.REFUSED_STREAM);
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_aborted"));
  }

  @Test
  void refusedStreamWhoseBodyWasReadIsNotSentAgain() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, false, "abc");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.await(Frames.DATA);
    at.reset(1, Frames.REFUSED_STREAM);
    assertEquals(502, client.of(1).status());
  }

  @Test
  void unusedConnectionThatTheUpstreamClosedIsReplaced() {
    Frames client = h2(h2Proxy());
    for (int i = 0; i < 3; i++) {
      client.get(1 + 2 * i, "/x/");
      Frames at = upstream();
      at.await(Frames.HEADERS);
      answer(at, 1, "fine");
      assertEquals("fine", answerOf(client, 1 + 2 * i));
      at.close();
    }
  }
}
