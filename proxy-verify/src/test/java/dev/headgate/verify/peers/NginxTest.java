package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.forwarded.ForwardedFamily;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx as the upstream, and as the proxy in front. */
class NginxTest {
  private static final int LARGE = 8 << 20;

  @TempDir Path directory;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Upstream upstream;

  @BeforeAll
  static void needsNginx() {
    Nginx.needed();
  }

  @BeforeEach
  void open() throws IOException {
    upstream = new Upstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static byte[] large() {
    byte[] bytes = new byte[LARGE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private HttpRequest.Builder request(Proxy proxy, String path) {
    return HttpRequest.newBuilder(proxy.uri().resolve(path)).timeout(Waiting.CEILING);
  }

  private HttpRequest.Builder request(Nginx nginx, String path) {
    return HttpRequest.newBuilder(URI.create(nginx.url() + path)).timeout(Waiting.CEILING);
  }

  private String text(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString()).body();
  }

  // --- nginx as the upstream

  private static final String ORIGIN =
      """
      location /count { return 200 "$connection $connection_requests"; }
      location /cut { return 444; }
      location /early { return 403 "no"; }
      location /moved { return 302 /files/large; }
      location /files/ {
        alias %s/;
        gzip on; gzip_types text/plain; gzip_min_length 1; gzip_proxied any;
      }
      """;

  private Nginx origin() throws Exception {
    return Nginx.start(directory, ORIGIN.formatted(directory), "");
  }

  @Test
  void upstreamConnectionIsKept() throws Exception {
    try (Nginx nginx = origin();
        Proxy proxy = Proxy.builder().route("/**", nginx.url()).start()) {
      String[] first = text(request(proxy, "/count").build()).split(" ", -1);
      String[] second = text(request(proxy, "/count").build()).split(" ", -1);
      String[] third = text(request(proxy, "/count").build()).split(" ", -1);
      assertEquals(first[0], second[0]);
      assertEquals(first[0], third[0]);
      assertEquals(Integer.parseInt(first[1]) + 2, Integer.parseInt(third[1]));
    }
  }

  @Test
  void upstreamSendsLargeBodiesRangesAndChunks() throws Exception {
    byte[] large = large();
    Files.write(directory.resolve("large"), large);
    String words = HexFormat.of().formatHex(large, 0, 500_000);
    Files.writeString(directory.resolve("text"), words);
    try (Nginx nginx = origin();
        Proxy proxy = Proxy.builder().route("/**", nginx.url()).start()) {
      HttpResponse<byte[]> whole =
          client.send(request(proxy, "/files/large").build(), BodyHandlers.ofByteArray());
      assertEquals(200, whole.statusCode());
      assertArrayEquals(large, whole.body());

      HttpResponse<byte[]> part =
          client.send(
              request(proxy, "/files/large").header("Range", "bytes=1000-1999").build(),
              BodyHandlers.ofByteArray());
      assertEquals(206, part.statusCode());
      assertEquals(
          "bytes 1000-1999/" + LARGE, part.headers().firstValue("Content-Range").orElseThrow());
      assertArrayEquals(Arrays.copyOfRange(large, 1000, 2000), part.body());

      String tag = whole.headers().firstValue("ETag").orElseThrow();
      HttpResponse<String> same =
          client.send(
              request(proxy, "/files/large").header("If-None-Match", tag).build(),
              BodyHandlers.ofString());
      assertEquals(304, same.statusCode());

      HttpResponse<byte[]> coded =
          client.send(
              request(proxy, "/files/text").header("Accept-Encoding", "gzip").build(),
              BodyHandlers.ofByteArray());
      assertEquals("gzip", coded.headers().firstValue("Content-Encoding").orElseThrow());
      assertTrue(coded.headers().firstValue("Content-Length").isEmpty());
      try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(coded.body()))) {
        assertEquals(words, new String(plain.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void upstreamAnswersEarlyOrNotAtAll() throws Exception {
    try (Nginx nginx = origin();
        Proxy proxy = Proxy.builder().route("/**", nginx.url()).start()) {
      HttpResponse<String> early =
          client.send(
              request(proxy, "/early").POST(BodyPublishers.ofByteArray(large())).build(),
              BodyHandlers.ofString());
      assertEquals(403, early.statusCode());
      assertEquals("no", early.body());
      HttpResponse<String> none =
          client.send(request(proxy, "/cut").build(), BodyHandlers.ofString());
      assertEquals(502, none.statusCode());
      assertTrue(none.body().contains("\"upstream_aborted\""), none.body());
      assertTrue(text(request(proxy, "/count").build()).matches("[0-9]+ [0-9]+"));
    }
  }

  @Test
  void upstreamsRedirectLeadsBack() throws Exception {
    try (Nginx nginx = origin();
        Proxy proxy = Proxy.builder().route("/**", nginx.url()).start()) {
      HttpResponse<String> moved =
          client.send(request(proxy, "/moved").build(), BodyHandlers.ofString());
      assertEquals(302, moved.statusCode());
      // nginx makes a whole URL of it, with its own address.
      assertEquals(
          proxy.uri().resolve("/files/large").toString(),
          moved.headers().firstValue("Location").orElseThrow());
    }
  }

  // --- nginx in front

  private static final String FRONT =
      """
      proxy_buffering off;
      proxy_request_buffering off;
      location / {
        proxy_pass http://kept;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host localhost;
        proxy_set_header X-Forwarded-For 192.0.2.7;
      }
      location /old/ {
        proxy_pass http://127.0.0.1:%1$d;
        proxy_set_header X-Forwarded-For 192.0.2.7;
      }
      """;

  private static final String KEPT = "upstream kept { server 127.0.0.1:%d; keepalive 4; }";

  private Nginx front(Proxy proxy) throws Exception {
    return Nginx.start(directory, FRONT.formatted(proxy.port()), KEPT.formatted(proxy.port()));
  }

  private Proxy behind() {
    return Proxy.builder()
        .route("/**", upstream.url())
        .trustedClients(
            TrustedClients.builder().trust(ForwardedFamily.X_FORWARDED, "127.0.0.1").build())
        .forwardedFields(ForwardedFields.of(ForwardedFamily.X_FORWARDED))
        .start();
  }

  @Test
  void inFrontItIsTrustedWithTheClientsAddress() throws Exception {
    upstream.script(request -> request.answer(request.field("X-Forwarded-For")));
    try (Proxy proxy = behind();
        Nginx nginx = front(proxy)) {
      for (String path : new String[] {"/a", "/b", "/old/c"}) {
        assertEquals("192.0.2.7, 127.0.0.1", text(request(nginx, path).build()));
      }
    }
    assertEquals(0, upstream.failures().size(), () -> upstream.failures().toString());
  }

  @Test
  void inFrontItUploadsInChunks() throws Exception {
    byte[] large = large();
    upstream.script(
        request -> {
          boolean whole = Arrays.equals(large, request.body().readAllBytes());
          request.answer(request.field("Transfer-Encoding") + " " + whole);
        });
    try (Proxy proxy = behind();
        Nginx nginx = front(proxy)) {
      HttpRequest.Builder chunked = request(nginx, "/upload");
      chunked.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));
      assertEquals("chunked true", text(chunked.build()));
      HttpRequest.Builder sized = request(nginx, "/upload");
      sized.POST(BodyPublishers.ofByteArray(large));
      assertEquals("null true", text(sized.build()));
    }
    assertEquals(0, upstream.failures().size(), () -> upstream.failures().toString());
  }

  @Test
  void inFrontItPassesEventsAsTheyCome() throws Exception {
    try (Proxy proxy = behind();
        Nginx nginx = front(proxy)) {
      var answer =
          client.sendAsync(request(nginx, "/events").build(), BodyHandlers.ofInputStream());
      Served served = upstream.take();
      served.events();
      try (InputStream events = answer.get().body()) {
        for (String event : new String[] {"data: 1\n\n", "data: 2\n\n", "data: 3\n\n"}) {
          served.chunk(event);
          assertEquals(
              event, new String(events.readNBytes(event.length()), StandardCharsets.UTF_8));
        }
        served.lastChunk().finish();
        assertEquals(-1, events.read());
      }
    }
  }

  @Test
  void inFrontWithHttp10ItGetsNoEarlyHints() throws Exception {
    upstream.script(
        request -> {
          request.head(103, "Link: </a.css>; rel=preload");
          request.answer("final");
        });
    try (Proxy proxy = behind();
        Nginx nginx = front(proxy)) {
      HttpResponse<String> response =
          client.send(request(nginx, "/old/").build(), BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      assertEquals("final", response.body());
      assertNull(response.headers().firstValue("Link").orElse(null));
    }
  }

  @Test
  void inFrontItSeesCutBodies() throws Exception {
    upstream.script(
        request -> {
          request.head(200, "Content-Length: 100");
          request.raw("part");
          request.close();
        });
    try (Proxy proxy = behind();
        Nginx nginx = front(proxy)) {
      assertThrows(
          IOException.class,
          () -> client.send(request(nginx, "/cut").build(), BodyHandlers.ofString()));
    }
  }
}
