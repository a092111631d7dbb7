package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/**
 * Interim responses for clients that read slowly: each is still being written when the next is due.
 * Those that are too many are dropped (RFC 9110 section 15.2), but 100 (Continue) is not, as a
 * client waits for it.
 */
class SlowInterimsTest extends Http2WireTest {
  private static final int SOCKET_BUFFER = 16 * 1024;
  private static final String HINTS =
      "HTTP/1.1 103 Early Hints\r\nLink: </" + "a".repeat(14_000) + ">\r\n\r\n";
  private static final int HALF = 48;

  @Override
  int socketBufferBytes() {
    return SOCKET_BUFFER;
  }

  /** Sends more than the sockets up to the client hold, and returns when all of it was read. */
  private static void sendHints(Wire upstream, String between) throws SocketException {
    upstream.socket().setSendBufferSize(SOCKET_BUFFER);
    upstream.send(HINTS.repeat(HALF));
    // Read when the first of what follows was: that is more than the sockets hold.
    upstream.send(between + HINTS.repeat(HALF));
  }

  private static int readHints(Wire client) {
    while (true) {
      int status = client.readHead().status();
      if (status != 103) return status;
    }
  }

  private static int readHints(Frames client) {
    while (true) {
      int status = client.of(1).status();
      if (status != 103) return status;
    }
  }

  @Test
  void continueBehindHints() throws Exception {
    Wire client = opened(Wire.connect(proxy().port(), SOCKET_BUFFER));
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    sendHints(upstream, "HTTP/1.1 100 Continue\r\n\r\n");
    assertEquals(100, readHints(client));
    client.send("hello");
    assertEquals("hello", upstream.read(5));
    upstream.send(ok("done"));
    assertEquals(200, readHints(client));
    assertEquals("done", client.read(4));
    client.send(get("/"));
    upstream.readHead();
    upstream.send(ok("more"));
    assertEquals("more", client.readBody(client.readHead()));
  }

  @Test
  void continueBehindHintsOverHttp2() throws Exception {
    Frames client = opened(Frames.begin(Wire.connect(proxy().port(), SOCKET_BUFFER)));
    client.post(1, "/", "content-length: 5", "expect: 100-continue");
    Wire upstream = origin.accept();
    upstream.readHead();
    sendHints(upstream, "HTTP/1.1 100 Continue\r\n\r\n");
    assertEquals(100, readHints(client));
    client.data(1, true, "hello");
    assertEquals("hello", upstream.read(5));
    upstream.send(ok("done"));
    assertEquals(200, readHints(client));
    assertEquals("done", client.body(1));
  }

  /** The final head waits for the interim ones that are being written. */
  @Test
  void finalHeadBehindHints() throws Exception {
    Proxy proxy = proxy();
    Wire client = opened(Wire.connect(proxy.port(), SOCKET_BUFFER));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    sendHints(upstream, "");
    upstream.send(ok("done"));
    assertEquals(200, readHints(client));
    assertEquals("done", client.read(4));
  }

  @Test
  void finalHeadBehindHintsOverHttp2() throws Exception {
    Frames client = opened(Frames.begin(Wire.connect(proxy().port(), SOCKET_BUFFER)));
    client.get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    sendHints(upstream, "");
    upstream.send(ok("done"));
    assertEquals(200, readHints(client));
    assertEquals("done", client.body(1));
  }
}
