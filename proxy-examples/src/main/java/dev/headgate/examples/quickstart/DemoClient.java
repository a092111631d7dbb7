package dev.headgate.examples.quickstart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends requests through the proxy and shows answers while they come. */
final class DemoClient {
  private static final int MAX_SHOWN_BYTES = 4096;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * What to ask.
   *
   * @param path path and query
   * @param json the body of a POST; null for a GET
   * @param headers further fields, as {@code name: value}
   */
  record Question(String path, @Nullable String json, List<String> headers) {
    String method() {
      return json == null ? "GET" : "POST";
    }
  }

  /**
   * What came back.
   *
   * @param status the status
   * @param type the content type; empty for none
   * @param proxyStatus the lines of {@code Proxy-Status}
   * @param body the beginning of the body
   * @param tokens how many tokens came, where it was an event stream
   * @param broken why the body ended early; null when it is complete
   */
  record Reply(
      int status,
      String type,
      List<String> proxyStatus,
      String body,
      int tokens,
      @Nullable IOException broken) {}

  /**
   * Asks, and waits for the end of the answer.
   *
   * @param proxy the proxy's URI
   * @param question what to ask
   * @param head told of the answer's head when it comes
   * @param text told of each piece of text when it comes: tokens of an event stream, else the body
   */
  Reply ask(URI proxy, Question question, Consumer<HttpResponse<?>> head, Consumer<String> text)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(proxy.resolve(question.path()));
    for (String line : question.headers()) {
      int colon = line.indexOf(':');
      request.header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    String json = question.json();
    if (json != null) {
      request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    head.accept(response);
    String type = response.headers().firstValue("Content-Type").orElse("");
    AnswerText answer = type.startsWith("text/event-stream") ? new AnswerText() : null;
    ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    int tokens = 0;
    IOException broken = null;
    try (InputStream body = response.body()) {
      byte[] buffer = new byte[8192];
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        int room = Math.min(count, MAX_SHOWN_BYTES - beginning.size());
        beginning.write(buffer, 0, room);
        if (answer == null) {
          text.accept(new String(buffer, 0, room, StandardCharsets.UTF_8));
          continue;
        }
        for (String piece : answer.feed(ByteBuffer.wrap(buffer, 0, count))) {
          tokens++;
          text.accept(piece);
        }
      }
    } catch (IOException e) {
      broken = e;
    }
    return new Reply(
        response.statusCode(),
        type,
        response.headers().allValues("Proxy-Status"),
        beginning.toString(StandardCharsets.UTF_8),
        tokens,
        broken);
  }
}
