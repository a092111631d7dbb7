package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** curl as the client. */
class CurlTest {
  private static final int UPLOAD = 10 * 1024 * 1024;

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path directory;

  @BeforeAll
  static void needsCurl() {
    Tools.version("curl", "--version");
  }

  @Test
  void getsHeadAndBodyAsSent() throws Exception {
    Peer curl = curl("-i", stage.uri("/things").toString() + "?x=|{}&y=%20");
    Served request = stage.upstream().take();
    assertEquals("GET", request.method());
    assertEquals("/things?x=|{}&y=%20", request.target());
    assertTrue(request.field("User-Agent").matches("curl/[0-9.]+"), request.field("User-Agent"));
    assertEquals("*/*", request.field("Accept"));
    assertNull(request.field("Content-Type"));
    assertEquals("verify/1.0", request.field("X-Headgate-CLI"));
    request.answer(203, "text/plain", "first\nsecond\n", "X-Own: kept as it is").finish();
    List<String> output = curl.rest();
    assertEquals(0, curl.exit());
    assertEquals("HTTP/1.1 203", output.get(0).substring(0, 12));
    assertTrue(output.contains("Content-Length: 13"), output::toString);
    assertTrue(output.contains("X-Own: kept as it is"), output::toString);
    assertEquals(List.of("", "first", "second"), output.subList(output.size() - 3, output.size()));
  }

  @Test
  void usesOneConnectionForSeveralRequests() throws Exception {
    stage.upstream().script(request -> request.answer("one of several\n"));
    String url = stage.uri("/").toString();
    Peer curl = curl("-o", "-", "-w", "%{num_connects}\\n", url + "1", url + "2", url + "3");
    assertEquals(
        List.of("one of several", "1", "one of several", "0", "one of several", "0"), curl.rest());
    assertEquals(0, curl.exit());
    assertEquals(1, stage.witness().clientConnections());
  }

  @Test
  void uploadsWithContentLength() throws Exception {
    Path file = directory.resolve("upload");
    Files.write(file, pattern(UPLOAD));
    Peer curl = curl("-T", file.toString(), stage.uri("/upload").toString());
    Served request = stage.upstream().take();
    assertEquals("PUT", request.method());
    assertEquals(Integer.toString(UPLOAD), request.field("Content-Length"));
    assertNull(request.field("Transfer-Encoding"));
    if (request.field("Expect") != null) request.head(100);
    assertTrue(Arrays.equals(pattern(UPLOAD), request.body().readAllBytes()));
    request.answer("stored\n").finish();
    assertEquals(List.of("stored"), curl.rest());
    assertEquals(UPLOAD, stage.witness().summary().requestBytes());
  }

  @Test
  void postsWithContentLength() throws Exception {
    Path file = directory.resolve("upload");
    Files.write(file, pattern(UPLOAD));
    Peer curl = curl("-H", "Expect:", "--data-binary", "@" + file, stage.uri("/upload").toString());
    Served request = stage.upstream().take();
    assertEquals("POST", request.method());
    assertEquals(Integer.toString(UPLOAD), request.field("Content-Length"));
    assertEquals("application/x-www-form-urlencoded", request.field("Content-Type"));
    assertTrue(Arrays.equals(pattern(UPLOAD), request.body().readAllBytes()));
    request.answer("stored\n").finish();
    assertEquals(List.of("stored"), curl.rest());
  }

  @Test
  void uploadsInChunksAsTheyCome() throws Exception {
    Peer curl = curl("-X", "POST", "-H", "Expect:", "-T", "-", stage.uri("/upload").toString());
    OutputStream input = curl.input();
    input.write(pattern(1000));
    input.flush();
    Served request = stage.upstream().take();
    assertEquals("chunked", request.field("Transfer-Encoding"));
    assertNull(request.field("Content-Length"));
    // What was written has come through before curl was given more.
    InputStream body = request.body();
    assertTrue(Arrays.equals(pattern(1000), body.readNBytes(1000)));
    byte[] rest = pattern(UPLOAD);
    Thread writer = new Thread(() -> write(input, rest));
    writer.start();
    assertTrue(Arrays.equals(rest, body.readAllBytes()));
    request.answer("stored\n").finish();
    assertEquals(List.of("stored"), curl.rest());
    writer.join();
    assertEquals(1000 + UPLOAD, stage.witness().summary().requestBytes());
  }

  @Test
  void seesEachEventBeforeTheNextIsSent() throws Exception {
    Peer curl = curl("-N", "-H", "Accept: text/event-stream", stage.uri("/events").toString());
    Served request = stage.upstream().take();
    assertEquals("text/event-stream", request.field("Accept"));
    request.events();
    for (int i = 0; i < 20; i++) {
      request.chunk("data: event " + i + "\n\n");
      assertEquals("data: event " + i, curl.line());
      assertEquals("", curl.line());
    }
    request.lastChunk().finish();
    assertEquals(List.of(), curl.rest());
    assertEquals(0, curl.exit());
  }

  @Test
  void seesTheHeadBeforeTheFirstEvent() throws Exception {
    Peer curl = curl("-N", "-D", "-", stage.uri("/events").toString());
    Served request = stage.upstream().take();
    request.events();
    assertEquals("HTTP/1.1 200", curl.line().substring(0, 12));
    request.chunk("data: late\n\n").lastChunk().finish();
    assertTrue(curl.rest().contains("data: late"));
  }

  @Test
  void headHasALengthAndNoBody() throws Exception {
    stage
        .upstream()
        .script(
            request -> {
              assertEquals("HEAD", request.method());
              request.head(200, "Content-Type: text/plain", "Content-Length: 12345");
            });
    String url = stage.uri("/").toString();
    Peer curl = curl("-I", "-w", "%{num_connects}\\n", url + "a", url + "b");
    List<String> output = curl.rest();
    assertEquals(0, curl.exit());
    assertEquals(
        2, output.stream().filter("Content-Length: 12345"::equals).count(), output::toString);
    // The second request came on the same connection: nobody waited for a body.
    assertEquals("0", output.get(output.size() - 1));
  }

  @Test
  void continueComesFromTheUpstream() throws Exception {
    Peer curl = expecting("some data");
    Served request = stage.upstream().take();
    assertEquals("100-continue", request.field("Expect"));
    assertFalse(request.hasMore(), "the body came without being asked for");
    request.head(100);
    assertEquals("some data", request.text());
    request.answer("done\n").finish();
    assertEquals(List.of("done"), curl.rest());
    assertTrue(curl.errors().contains("< HTTP/1.1 100"), curl::describe);
  }

  @Test
  void refusalComesInPlaceOfContinue() throws Exception {
    Peer curl = expecting("some data");
    Served request = stage.upstream().take();
    request.answer(413, "text/plain", "too much\n", "Connection: close").close();
    request.finish();
    assertEquals(List.of("too much"), curl.rest());
    assertFalse(curl.errors().contains("HTTP/1.1 100"), curl::describe);
    assertEquals(413, stage.witness().summary().status());
  }

  @Test
  void oldProtocolGetsAnAnswerWithoutChunks() throws Exception {
    Peer curl = start("--http1.0", "-i", stage.uri("/old").toString());
    Served request = stage.upstream().take();
    request.events().chunk("part one, ").chunk("part two\n").lastChunk().finish();
    List<String> output = curl.rest();
    assertEquals(0, curl.exit());
    assertFalse(output.stream().anyMatch(line -> line.startsWith("Transfer-Encoding")));
    assertEquals("part one, part two", output.get(output.size() - 1));
  }

  @Test
  void compressedAnswerPassesAsItIs() throws Exception {
    Peer curl = curl("--compressed", "-w", "%{size_download}\\n", stage.uri("/zip").toString());
    Served request = stage.upstream().take();
    assertTrue(request.field("Accept-Encoding").contains("gzip"));
    byte[] zipped = gzip("unzipped by curl\n".repeat(100));
    request.head(200, "Content-Encoding: gzip", "Content-Length: " + zipped.length);
    request.raw(zipped).finish();
    List<String> output = curl.rest();
    assertEquals("unzipped by curl", output.get(0));
    assertEquals(101, output.size());
    assertEquals(Integer.toString(zipped.length), output.get(100));
  }

  @Test
  void brokenAnswerIsSeenAsBroken() throws Exception {
    Peer curl = curl("-N", stage.uri("/broken").toString());
    Served request = stage.upstream().take();
    request.events().chunk("data: only\n\n");
    assertEquals("data: only", curl.line());
    request.close();
    request.finish();
    // 18: the transfer ended early; 56: receiving failed.
    int code = curl.exit();
    assertTrue(code == 18 || code == 56, () -> "curl ended with " + code);
    assertEquals(Outcome.ABORTED, stage.witness().summary().outcome());
  }

  @Test
  void leavingIsSeenByASilentUpstreamAtOnce() throws Exception {
    Peer curl = curl("-N", stage.uri("/events").toString());
    Served request = stage.upstream().take();
    request.events().chunk("data: first\n\n");
    assertEquals("data: first", curl.line());
    long left = System.nanoTime();
    curl.kill();
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  @Test
  void leavingBeforeTheAnswerIsSeenByTheUpstreamAtOnce() throws Exception {
    Peer curl = curl(stage.uri("/silent").toString());
    Served request = stage.upstream().take();
    long left = System.nanoTime();
    curl.kill();
    request.awaitClose();
    Times.assertAtOnce(left);
    request.finish();
    assertEquals(Outcome.CLIENT_GONE, stage.witness().summary().outcome());
  }

  @Test
  void refusedUpstreamIsAProblem() throws Exception {
    Peer curl = curl("-i", stage.uri("/refused/thing").toString());
    List<String> output = curl.rest();
    assertEquals(0, curl.exit());
    assertEquals("HTTP/1.1 502", output.get(0).substring(0, 12));
    assertTrue(output.contains("Content-Type: application/problem+json"), output::toString);
    assertTrue(output.stream().anyMatch(line -> line.startsWith("Proxy-Status: ")));
    String body = output.get(output.size() - 1);
    assertTrue(body.contains("\"code\":\"connect_failed\""), body);
    assertFalse(body.contains("127.0.0.1"), body);
    ExchangeSummary summary = stage.witness().summary();
    assertEquals(Outcome.FAILED, summary.outcome());
    assertEquals(502, summary.status());
  }

  private Peer expecting(String data) throws Exception {
    return curl(
        "-v",
        "-H",
        "Expect: 100-continue",
        "--expect100-timeout",
        Long.toString(Waiting.CEILING.toSeconds()),
        "--data-binary",
        data,
        stage.uri("/expect").toString());
  }

  private Peer curl(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--http1.1"));
    all.addAll(List.of(arguments));
    return start(all.toArray(String[]::new));
  }

  private Peer start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-q", "-sS", "-g"));
    command.addAll(List.of(arguments));
    return stage.start(command);
  }

  private static void write(OutputStream out, byte[] bytes) {
    try (out) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) bytes[i] = (byte) (i * 31 + (i >> 8));
    return bytes;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
