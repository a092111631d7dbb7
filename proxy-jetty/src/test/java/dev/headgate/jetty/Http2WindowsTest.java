package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Windows are the back-pressure of HTTP/2 (rule 24), for each stream by itself. */
class Http2WindowsTest extends Http2WireTest {
  private static final int LARGE = 1 << 30;
  private static final int PIECE = 16 * 1024;

  /** No progress for so long is a stall; a sender that is not stalled goes on within far less. */
  private static final int STALL_MILLIS = 500;

  @Test
  void clientThatOpensNoWindowStallsTheUpstream() throws Exception {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    CompletableFuture<Integer> sender = new CompletableFuture<>();
    int pieces = 512;
    int beforeStall = sendUntilStalled(at, 256 * 1024, pieces, sender);
    assertTrue(beforeStall >= 256 * 1024, "under way: " + beforeStall);
    // The client's window of 65,535, the proxy's own of 256 KiB, and a piece under way.
    assertTrue(beforeStall <= (65_535 + 256 * 1024 + 2 * PIECE), "under way: " + beforeStall);
    assertFalse(sender.isDone());
    assertEquals(200, client.of(1).status());
    client.window(0, LARGE).window(1, LARGE);
    assertEquals(pieces * PIECE, client.body(1).length());
    assertEquals(pieces * PIECE, sender.get(20, TimeUnit.SECONDS));
  }

  @Test
  void upstreamThatOpensNoWindowStallsTheClient() throws Exception {
    Frames client = h2(h2Proxy());
    client.await(Frames.SETTINGS);
    client.post(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    CompletableFuture<Integer> sender = new CompletableFuture<>();
    int pieces = 512;
    int beforeStall = sendUntilStalled(client, 256 * 1024, pieces, sender);
    assertTrue(beforeStall >= 256 * 1024, "under way: " + beforeStall);
    assertTrue(beforeStall <= (65_535 + 256 * 1024 + 2 * PIECE), "under way: " + beforeStall);
    at.window(0, LARGE).window(1, LARGE);
    assertEquals(pieces * PIECE, at.body(1).length());
    assertEquals(pieces * PIECE, sender.get(20, TimeUnit.SECONDS));
  }

  /** Sends on stream 1 as its window allows, on a thread of its own; returns when that stalls. */
  private static int sendUntilStalled(
      Frames frames, int initial, int pieces, CompletableFuture<Integer> all) throws Exception {
    java.util.concurrent.atomic.AtomicInteger sent =
        new java.util.concurrent.atomic.AtomicInteger();
    Thread sender =
        new Thread(
            () -> {
              int window = initial;
              while (sent.get() < pieces * PIECE) {
                while (window < PIECE) {
                  Frames.Frame frame = frames.next();
                  boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
                  if (more) window += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                }
                int now = sent.addAndGet(PIECE);
                window -= PIECE;
                frames.data(1, now == pieces * PIECE, new byte[PIECE]);
              }
              all.complete(sent.get());
            });
    sender.setDaemon(true);
    sender.start();
    int before = -1;
    // What the first window allows is sent, however long the sender has to wait for its turn.
    while (before < initial || before != sent.get()) {
      before = sent.get();
      try {
        all.get(STALL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // That is the question.
      }
    }
    return before;
  }

  /** A client that stops reading one stream stops no other, not even on a shared upstream. */
  @Test
  void stalledStreamStopsNoOther() {
    Proxy proxy = h2Proxy();
    Frames stalled = h2(proxy, INITIAL_WINDOW_SIZE, 0).get(1, "/x/stalled");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    for (int i = 0; i < 16; i++) at.data(1, false, new byte[PIECE]);
    Frames other = h2(proxy).get(1, "/x/other");
    at.await(Frames.HEADERS);
    answer(at, 3, "fine");
    assertEquals("fine", answerOf(other, 1));
    stalled.reset(1, Frames.CANCEL);
    assertEquals(Frames.CANCEL, at.await(Frames.RST_STREAM).code());
  }
}
