package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes goes on at once: each side sends one thing and waits until the other has seen it. */
class StreamingTest extends WireTest {
  @Test
  void responseEventsGoOneByOne() {
    Wire client = client(proxy());
    client.send(get("/events"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    // Rule 39: the head does not wait for the first event.
    assertEquals("text/event-stream", client.readHead().get("Content-Type"));
    for (int i = 0; i < 200; i++) {
      upstream.sendChunk("data: " + i + "\n\n");
      assertEquals("data: " + i + "\n\n", client.readChunk());
    }
    upstream.send("0\r\n\r\n");
    assertEquals("", client.readChunk());
  }

  @Test
  void responseWithLengthGoesOnByteByByte() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
    assertEquals(200, client.readHead().status());
    for (int i = 0; i < 50; i++) {
      upstream.send("" + i % 10);
      assertEquals("" + i % 10, client.read(1));
    }
  }

  @Test
  void requestPiecesGoOneByOne() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals("POST / HTTP/1.1", upstream.readHead().line());
    for (int i = 0; i < 200; i++) {
      client.sendChunk("piece " + i);
      assertEquals("piece " + i, upstream.readChunk());
    }
    client.send("0\r\n\r\n");
    assertEquals("", upstream.readChunk());
    upstream.readLine();
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void bothDirectionsAtOnce() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    assertEquals(200, client.readHead().status());
    for (int i = 0; i < 100; i++) {
      client.sendChunk("to " + i);
      assertEquals("to " + i, upstream.readChunk());
      upstream.sendChunk("fro " + i);
      assertEquals("fro " + i, client.readChunk());
    }
    client.send("0\r\n\r\n");
    assertEquals("", upstream.readChunk());
    upstream.readLine();
    upstream.send("0\r\n\r\n");
    assertEquals("", client.readChunk());
    client.readLine();
    client.send(get("/next"));
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void manyStreamsAtOnceNeedNoThreadsOfTheirOwn() {
    var proxy = proxy();
    List<Wire> clients = new ArrayList<>();
    List<Wire> upstreams = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Wire client = client(proxy);
      client.send(get("/" + i));
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.readHead();
      clients.add(client);
      upstreams.add(upstream);
    }
    for (int event = 0; event < 5; event++) {
      for (int i = 0; i < clients.size(); i++) {
        upstreams.get(i).sendChunk("e" + event);
        assertEquals("e" + event, clients.get(i).readChunk());
      }
    }
    int threads = Threads.named(engineName()).size();
    assertTrue(threads < clients.size() / 2, () -> "threads: " + Threads.named(engineName()));
  }

  // --- an answer before the request's end (rule 25)

  @Test
  void earlyAnswerReachesClientThatStillSends() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc", upstream.read(3));
    upstream.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
    Wire.Head response = client.readHead();
    assertEquals(413, response.status());
    // More is still to come than the listener drops (64 KiB): the connection can't live on.
    assertEquals("close", response.get("Connection"));
    assertEquals("big", client.read(3));
    // The upstream does not get a clean end: its request was not complete.
    upstream.awaitEnd();
    client.send("x".repeat(99_997));
    assertEquals("", client.readAll());
  }

  @Test
  void restOfSmallRequestIsDroppedAndTheConnectionLives() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\nabc");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc", upstream.read(3));
    upstream.send("HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno");
    Wire.Head response = client.readHead();
    assertNull(response.get("Connection"));
    assertEquals("no", client.read(2));
    upstream.awaitEnd();
    client.send("x".repeat(19_997));
    client.send(get("/next"));
    upstream = origin.accept();
    assertEquals("GET /next HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void answerOfUpstreamThatStopsReadingAndClosesIsNotLost() {
    for (int i = 0; i < 20; i++) {
      Wire client = client(proxy());
      client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.sendChunk("abc");
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.readChunk();
      upstream.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      upstream.close();
      assertEquals("no", client.readBody(client.readHead()));
    }
  }
}
