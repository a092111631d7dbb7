package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The HTTP client of the JDK. */
class JavaClientTest {
  @RegisterExtension final Stage stage = new Stage();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  @Test
  void sendsAndReceivesAText() throws Exception {
    stage.upstream().script(request -> request.answer(request.method() + " " + request.text()));
    HttpResponse<String> response =
        client.send(request("/echo").POST(BodyPublishers.ofString("text")).build(), asText());
    assertEquals(200, response.statusCode());
    assertEquals("POST text", response.body());
    assertEquals("text/plain", response.headers().firstValue("Content-Type").orElseThrow());
  }

  @Test
  void aFutureCompletesWhenTheAnswerComes() throws Exception {
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request("/later").build(), asText());
    Served request = stage.upstream().take();
    assertTrue(request.field("User-Agent").startsWith("Java-http-client/"));
    request.answer("now").finish();
    assertEquals("now", response.get(30, TimeUnit.SECONDS).body());
  }

  /** The client then asks for HTTP/2 by an upgrade, which an HTTP/1.1 listener passes over. */
  @Test
  void offersOfHttp2DoNotHarm() throws Exception {
    stage
        .upstream()
        .script(
            request -> {
              assertNull(request.field("HTTP2-Settings"));
              assertNull(request.field("Upgrade"));
              request.answer("plain " + request.text());
            });
    HttpClient modern = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response =
          modern.send(request("/h2").POST(BodyPublishers.ofString("body")).build(), asText());
      assertEquals(HttpClient.Version.HTTP_1_1, response.version());
      assertEquals("plain body", response.body());
    }
  }

  @Test
  void keepsItsConnection() throws Exception {
    stage.upstream().script(request -> request.answer(request.target()));
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> response = client.send(request("/" + i).build(), asText());
      assertEquals("/" + i, response.body());
    }
    assertEquals(1, stage.witness().clientConnections());
  }

  @Test
  void seesEachLineBeforeTheNextIsSent() throws Exception {
    CompletableFuture<HttpResponse<Stream<String>>> response =
        client.sendAsync(request("/lines").build(), BodyHandlers.ofLines());
    Served request = stage.upstream().take();
    request.events();
    // The head is there before the first byte of the body.
    try (Stream<String> body = response.get(30, TimeUnit.SECONDS).body()) {
      Iterator<String> lines = body.iterator();
      for (int i = 0; i < 20; i++) {
        request.chunk("line " + i + "\n");
        assertEquals("line " + i, lines.next());
      }
      request.lastChunk().finish();
      assertFalse(lines.hasNext());
    }
  }

  @Test
  void sendsEachPieceBeforeTheNextIsWritten() throws Exception {
    SubmissionPublisher<ByteBuffer> pieces = new SubmissionPublisher<>();
    CountDownLatch wanted = new CountDownLatch(1);
    HttpRequest.BodyPublisher publisher =
        BodyPublishers.fromPublisher(
            subscriber -> {
              pieces.subscribe(subscriber);
              wanted.countDown();
            });
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request("/upload").POST(publisher).build(), asText());
    Served request = stage.upstream().take();
    assertEquals("chunked", request.field("Transfer-Encoding"));
    assertTrue(wanted.await(30, TimeUnit.SECONDS));
    try (pieces) {
      for (int i = 0; i < 20; i++) {
        String piece = "piece " + i;
        pieces.submit(StandardCharsets.UTF_8.encode(piece));
        byte[] received = request.body().readNBytes(piece.length());
        assertEquals(piece, new String(received, StandardCharsets.UTF_8));
      }
    }
    assertEquals("", request.text());
    request.answer("all there").finish();
    assertEquals("all there", response.get(30, TimeUnit.SECONDS).body());
  }

  @Test
  void waitsForContinue() throws Exception {
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(
            request("/expect")
                .expectContinue(true)
                .POST(BodyPublishers.ofString("asked for"))
                .build(),
            asText());
    Served request = stage.upstream().take();
    assertEquals("100-Continue", request.field("Expect"));
    assertFalse(request.hasMore());
    request.head(100);
    assertEquals("asked for", request.text());
    request.answer("got it").finish();
    assertEquals("got it", response.get(30, TimeUnit.SECONDS).body());
  }

  @Test
  void hundredRequestsAreUnderWayAtOnce() throws Exception {
    int count = 100;
    CountDownLatch arrived = new CountDownLatch(count);
    stage
        .upstream()
        .script(
            request -> {
              arrived.countDown();
              assertTrue(arrived.await(30, TimeUnit.SECONDS), arrived + " of 100 are missing");
              request.answer(request.target() + " " + request.text());
            });
    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HttpRequest request = request("/" + i).POST(BodyPublishers.ofString("body of " + i)).build();
      responses.add(client.sendAsync(request, asText()));
    }
    List<String> bodies = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> response : responses) {
      bodies.add(response.get(30, TimeUnit.SECONDS).body());
    }
    assertEquals(
        IntStream.range(0, count).mapToObj(i -> "/" + i + " body of " + i).toList(), bodies);
  }

  @Test
  void cancellingIsSeenByTheUpstreamAtOnce() throws Exception {
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request("/silent").build(), asText());
    Served request = stage.upstream().take();
    long left = System.nanoTime();
    response.cancel(true);
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  @Test
  void closingTheStreamIsSeenByTheUpstreamAtOnce() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> response =
        client.sendAsync(request("/stream").build(), BodyHandlers.ofInputStream());
    Served request = stage.upstream().take();
    request.events().chunk("x");
    InputStream body = response.get(30, TimeUnit.SECONDS).body();
    assertEquals('x', body.read());
    long left = System.nanoTime();
    body.close();
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  @Test
  void aBrokenAnswerIsAnException() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> response =
        client.sendAsync(request("/broken").build(), BodyHandlers.ofInputStream());
    Served request = stage.upstream().take();
    request.head(200, "Content-Length: 10").raw("half ");
    InputStream body = response.get(30, TimeUnit.SECONDS).body();
    assertEquals("half ", new String(body.readNBytes(5), StandardCharsets.UTF_8));
    request.close();
    request.finish();
    assertThrows(IOException.class, body::readAllBytes);
    assertEquals(Outcome.ABORTED, stage.witness().summary().outcome());
  }

  @Test
  void aRefusedUpstreamIsAProblem() throws Exception {
    HttpResponse<String> response = client.send(request("/refused/x").build(), asText());
    assertEquals(502, response.statusCode());
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(response.body().contains("\"code\":\"connect_failed\""), response.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(stage.uri(path)).timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse.BodyHandler<String> asText() {
    return BodyHandlers.ofString();
  }
}
