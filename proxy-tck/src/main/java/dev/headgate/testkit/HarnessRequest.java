package dev.headgate.testkit;

import dev.headgate.tck.memory.OriginExchange;
import dev.headgate.tck.memory.OutgoingBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request, and what upstream and client do. Without a word about the upstream it answers with 200
 * and no body. Not thread-safe.
 */
public final class HarnessRequest {
  /** What an upstream does with a connection. */
  enum Upstream {
    ANSWERS,
    REFUSES,
    IS_SILENT,
    RESETS
  }

  private final Function<HarnessRequest, HarnessResult> runner;
  final String method;
  final String target;
  final List<String> fields = new ArrayList<>();
  final List<byte[]> pieces = new ArrayList<>();
  private final List<String> answerFields = new ArrayList<>();
  private final List<String> answerTrailers = new ArrayList<>();
  private final List<Consumer<OutgoingBody>> answer = new ArrayList<>();
  private int status = 200;
  boolean lengthKnown;
  Upstream upstream = Upstream.ANSWERS;
  Duration time = Duration.ZERO;
  @Nullable Integer vanishesAfter;
  boolean vanishesWaiting;
  private boolean resets;

  HarnessRequest(String method, String target, Function<HarnessRequest, HarnessResult> runner) {
    this.method = Objects.requireNonNull(method, "method");
    this.target = Objects.requireNonNull(target, "target");
    this.runner = runner;
  }

  /**
   * Adds a field to the request.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public HarnessRequest header(String name, String value) {
    fields.add(name);
    fields.add(value);
    return this;
  }

  /**
   * Gives the request a body, with its {@code Content-Length}.
   *
   * @param text UTF-8 text
   * @return this
   */
  public HarnessRequest body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lengthKnown = true;
    pieces.clear();
    pieces.add(bytes);
    return this;
  }

  /**
   * Gives the request a body of unknown length, in pieces.
   *
   * @param texts UTF-8 texts, one or more
   * @return this
   */
  public HarnessRequest chunks(String... texts) {
    lengthKnown = false;
    pieces.clear();
    for (String text : texts) pieces.add(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /**
   * Lets the upstream answer, once it has the whole request.
   *
   * @param code the status
   * @param texts the pieces of the body, of unknown length; UTF-8
   * @return this
   */
  public HarnessRequest upstreamAnswers(int code, String... texts) {
    status = code;
    return upstreamSends(texts);
  }

  /**
   * Adds a field to the upstream's answer.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public HarnessRequest upstreamHeader(String name, String value) {
    answerFields.add(name);
    answerFields.add(value);
    return this;
  }

  /**
   * Adds a trailer to the upstream's answer.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public HarnessRequest upstreamTrailer(String name, String value) {
    answerTrailers.add(name);
    answerTrailers.add(value);
    return this;
  }

  /**
   * Lets the upstream send further pieces of its body.
   *
   * @param texts the pieces; UTF-8
   * @return this
   */
  public HarnessRequest upstreamSends(String... texts) {
    for (String text : texts) answer.add(body -> body.send(text));
    return this;
  }

  /**
   * Lets the upstream send bytes as a further piece of its body.
   *
   * @param bytes the bytes
   * @return this
   */
  public HarnessRequest upstreamSends(byte[] bytes) {
    byte[] copy = bytes.clone();
    answer.add(body -> body.send(copy));
    return this;
  }

  /**
   * Lets time pass before the next piece of the upstream's body.
   *
   * @param pause how long, by the proxy's clock
   * @return this
   */
  public HarnessRequest upstreamPauses(Duration pause) {
    answer.add(body -> body.delay(pause));
    return timePasses(pause);
  }

  /**
   * Lets the upstream break the connection in place of the rest: after what it has sent until now,
   * or before its head where nothing was said.
   *
   * @return this
   */
  public HarnessRequest upstreamResets() {
    resets = true;
    if (answer.isEmpty()) upstream = Upstream.RESETS;
    return this;
  }

  /**
   * Lets the upstream refuse the connection.
   *
   * @return this
   */
  public HarnessRequest upstreamRefuses() {
    upstream = Upstream.REFUSES;
    return this;
  }

  /**
   * Lets the upstream take the request and never answer.
   *
   * @return this
   */
  public HarnessRequest upstreamIsSilent() {
    upstream = Upstream.IS_SILENT;
    return this;
  }

  /**
   * Lets time pass once the request was sent: for timeouts, deadlines and scheduled work.
   *
   * @param more how long, by the proxy's clock; adds up
   * @return this
   */
  public HarnessRequest timePasses(Duration more) {
    time = time.plus(more);
    return this;
  }

  /**
   * Lets the client vanish while the upstream has not answered.
   *
   * @return this
   */
  public HarnessRequest clientVanishesWaiting() {
    vanishesWaiting = true;
    return upstreamIsSilent();
  }

  /**
   * Lets the client vanish within the response.
   *
   * @param bytes how many bytes of the body it has read by then; 0 or more
   * @return this
   */
  public HarnessRequest clientVanishesAfter(int bytes) {
    vanishesAfter = bytes;
    return this;
  }

  /**
   * Sends the request, and waits until all is over.
   *
   * @return what upstream and client saw, and what became of the plugin
   * @throws AssertionError if the exchange hangs; where the request was to run alone, also if
   *     anything was left behind
   */
  public HarnessResult run() {
    return runner.apply(this);
  }

  boolean hasBody() {
    return !pieces.isEmpty();
  }

  /** Answers, on the engine's thread. */
  void answer(OriginExchange exchange) {
    switch (upstream) {
      case RESETS -> exchange.onRequestEnd(exchange::abort);
      case ANSWERS -> exchange.onRequestEnd(() -> send(exchange));
      default -> {}
    }
  }

  private void send(OriginExchange exchange) {
    OutgoingBody body = exchange.respond(status, answerFields.toArray(String[]::new));
    if (method.equals("HEAD") || status == 204 || status == 304) return;
    answer.forEach(step -> step.accept(body));
    if (resets) {
      body.abort();
    } else if (answerTrailers.isEmpty()) {
      body.end();
    } else {
      body.endWithTrailers(answerTrailers.toArray(String[]::new));
    }
  }
}
