package dev.headgate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.examples.quickstart.DemoClient.Question;
import dev.headgate.examples.quickstart.DemoClient.Reply;
import dev.headgate.examples.quickstart.TokenCounterPlugin.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class QuickstartTest {
  private static final String ALL_TOKENS = String.join("", EventStreamUpstream.TOKENS);
  private static final Question QUESTION = new Question("/v1/messages", "{}", List.of());

  private final StringWriter shown = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new Quickstart()).setOut(new PrintWriter(shown)).execute(args);
  }

  private void assertShows(String text) {
    assertTrue(shown.toString().contains(text), () -> "expected '" + text + "' in\n" + shown);
  }

  @Test
  void passesEachTokenOnBeforeTheUpstreamSendsTheNextOne() throws Exception {
    Semaphore seen = new Semaphore(1);
    BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    // The upstream waits for the client: whoever holds a token back holds back all of them.
    try (DemoProxy demo = DemoProxy.start(null, token -> seen.acquire(), answers::add)) {
      StringBuilder text = new StringBuilder();
      Reply reply =
          new DemoClient()
              .ask(
                  demo.proxy().uri(),
                  QUESTION,
                  head -> {},
                  token -> {
                    text.append(token);
                    seen.release();
                  });

      assertEquals(ALL_TOKENS, text.toString());
      assertEquals(EventStreamUpstream.TOKENS.size(), reply.tokens());
      assertNull(reply.broken());
      Answer answer = answers.take();
      assertEquals(EventStreamUpstream.TOKENS.size(), answer.tokens());
      assertEquals(200, answer.status());
    }
  }

  @Test
  void showsTheAnswerAndWhatEachPluginDid() {
    assertEquals(0, run("--pace", "1"));

    assertShows("proxy     http://127.0.0.1:");
    assertShows("< 200 text/event-stream");
    assertShows(ALL_TOKENS);
    assertShows("added X-Headgate-CLI: quickstart/1.0");
    assertShows("token-counter     " + EventStreamUpstream.TOKENS.size() + " tokens");
    assertShows("authorization: ***");
    assertShows("completed, status 200");
    assertShows("wrote 2 records, of which 2 are sent");
    assertShows("\"counters\":{\"tokens\":{\"sum\":" + EventStreamUpstream.TOKENS.size());
    assertTrue(!shown.toString().contains("a-secret"), "the secret is masked");
  }

  @Test
  void showsWhatBecomesOfABrokenPlugin() {
    assertEquals(0, run("--pace", "1", "--break"));

    assertShows("details=\"plugin faulty failed open in onResponseHeaders\"");
    assertShows("status        500 application/problem+json");
    assertShows("details=\"plugin_failed: plugin faulty failed in onResponseHeaders\"");
    assertShows("\"code\":\"plugin_failed\"");
    assertShows("body          complete, " + EventStreamUpstream.TOKENS.size() + " tokens");
    assertShows("body          broken off after");
  }

  @Test
  void forwardsToAnyTarget() throws Exception {
    try (EventStreamUpstream other = EventStreamUpstream.start(token -> {})) {
      assertEquals(
          0, run("--target", other.uri().toString(), "--path", "/v1/messages", "--data", "{}"));
      assertShows("upstream  " + other.uri());
      assertShows(ALL_TOKENS);
    }
  }

  @Test
  void tellsOfATargetThatIsNotThere() throws Exception {
    URI gone;
    try (EventStreamUpstream other = EventStreamUpstream.start(token -> {})) {
      gone = other.uri();
    }
    assertEquals(1, run("--target", gone.toString()));
    assertShows("< 502 application/problem+json");
    assertShows("connect_failed");
  }

  @Test
  void staysUpForRequestsOfTheReadersOwn() throws Exception {
    CountDownLatch up = new CountDownLatch(1);
    CountDownLatch counted = new CountDownLatch(2);
    FutureTask<Integer> command =
        new FutureTask<>(
            () ->
                new CommandLine(new Quickstart())
                    .setOut(new PrintWriter(new Watched(up, counted)))
                    .execute("--pace", "1", "--stay", "--break"));
    Thread running = new Thread(command);
    running.start();
    up.await();

    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(curlUri()).build(), BodyHandlers.ofString());

    assertEquals(200, response.statusCode());
    assertNotNull(response.headers().firstValue("Proxy-Status").orElse(null));
    counted.await();
    running.interrupt();
    assertEquals(0, result(command));
    assertShows("what the plugins left when the proxy stopped");
  }

  private static int result(FutureTask<Integer> command)
      throws InterruptedException, ExecutionException {
    return command.get();
  }

  private URI curlUri() {
    Matcher curl = Pattern.compile("curl -iN (\\S+)").matcher(shown.toString());
    assertTrue(curl.find(), () -> "no curl line in\n" + shown);
    return URI.create(curl.group(1));
  }

  /** Tells when the proxy is up, and when a line of the token counter was shown. */
  private final class Watched extends java.io.Writer {
    private final CountDownLatch up;
    private final CountDownLatch counted;

    Watched(CountDownLatch up, CountDownLatch counted) {
      this.up = up;
      this.counted = counted;
    }

    @Override
    public void write(char[] text, int from, int count) {
      String written = new String(text, from, count);
      shown.write(written);
      if (written.contains("token-counter  ")) counted.countDown();
    }

    @Override
    public void flush() throws IOException {
      if (shown.toString().contains("end it with Ctrl-C")) up.countDown();
    }

    @Override
    public void close() {}
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(new Quickstart())
            .setErr(new PrintWriter(errors, true))
            .execute("--pace=-1", "--path=x", "--target=ftp://nowhere.test", "--header=secret");

    assertEquals(2, status);
    for (String mistake :
        List.of(
            "--pace must be 0 to 60000 ms, but was -1",
            "--path must begin with /, but was 'x'",
            "--target must be a URL of http or https, but was 'ftp://nowhere.test'",
            "--header must be 'NAME: VALUE'")) {
      assertTrue(errors.toString().contains(mistake), errors.toString());
    }
    assertTrue(!errors.toString().contains("secret"), errors.toString());
  }
}
