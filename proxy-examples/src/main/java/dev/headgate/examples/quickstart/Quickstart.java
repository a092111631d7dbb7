package dev.headgate.examples.quickstart;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.examples.quickstart.DemoClient.Question;
import dev.headgate.examples.quickstart.DemoClient.Reply;
import dev.headgate.examples.quickstart.TokenCounterPlugin.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Starts a proxy on a free port in front of an event stream, sends a first request through it, and
 * shows the answer as it arrives and what each plugin did.
 */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Starts a proxy in front of an event stream, sends a first request through it,",
      "and shows the answer as it arrives and what each plugin did."
    })
public final class Quickstart implements Callable<Integer> {
  private static final int MOST_PACE = 60_000;
  private static final String DEMO_PATH = "/v1/messages";
  private static final String DEMO_QUESTION =
      "{\"model\":\"demo\",\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"What did the proxy do?\"}]}";
  private static final int MAX_LINE = 300;
  private static final int MAX_LINES = 6;

  /** The date, and what says the same in each line of the log or twice in one. */
  private static final Pattern REPEATED =
      Pattern.compile(
          "^[-0-9]+T| (event|requestId|sessionId|client|method|version|scheme|authority|path"
              + "|outcome|status|durationMs|requestBytes|responseBytes)=[^ ]+");

  @Option(
      names = "--target",
      paramLabel = "URL",
      description = "The upstream. Default: an event stream in this process.")
  private @Nullable URI target;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "What to ask for. Default: / of a target, " + DEMO_PATH + " else.")
  private @Nullable String path;

  @Option(
      names = "--data",
      paramLabel = "JSON",
      description = "POSTs this. Default: a GET to a target, a POST else.")
  private @Nullable String data;

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "Sends this field with the request.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--break",
      description = "Lets a plugin fail on purpose, and shows what the proxy does about it.")
  private boolean breakIt;

  @Option(names = "--stay", description = "Stays up for requests of your own, until Ctrl-C.")
  private boolean stay;

  @Option(
      names = "--pace",
      paramLabel = "MS",
      defaultValue = "40",
      description = "Milliseconds between two tokens of the embedded stream. Default: 40.")
  private int pace = 40;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final AtomicBoolean staying = new AtomicBoolean();

  /**
   * Runs it.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    // Only warnings, so that the log does not drown what is shown here.
    setDefault("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    setDefault("org.slf4j.simpleLogger.showThreadName", "false");
    System.exit(new CommandLine(new Quickstart()).execute(args));
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) System.setProperty(property, value);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter out = spec.commandLine().getOut();
    EventStreamUpstream.Pace tokens = EventStreamUpstream.Pace.every(Duration.ofMillis(pace));
    try (DemoProxy demo = DemoProxy.start(target, tokens, answer -> told(answer, out))) {
      out.println();
      out.printf("proxy     %s%n", demo.proxy().uri());
      out.printf(
          "upstream  %s%s%n",
          demo.target(), target == null ? "  (in this process, an event stream)" : "");
      DemoClient client = new DemoClient();
      Question question = question();
      Reply reply = ask(demo, client, question, out);
      showPlugins(demo, out);
      if (breakIt) new BreakingIt(demo, client, question, out).run();
      answers.clear();
      if (stay) stay(demo, question, out);
      stop(demo, out);
      return reply.status() < 500 && reply.broken() == null ? 0 : 1;
    }
  }

  /** Tells all that is wrong with the options at once, before anything is started. */
  private void check() {
    List<String> mistakes = new ArrayList<>();
    if (pace < 0 || pace > MOST_PACE) {
      mistakes.add("--pace must be 0 to 60000 ms, but was " + pace);
    }
    if (path != null && !path.startsWith("/")) {
      mistakes.add("--path must begin with /, but was '" + path + "'");
    }
    if (target != null && (!isHttp(target) || target.getHost() == null)) {
      mistakes.add("--target must be a URL of http or https, but was '" + target + "'");
    }
    for (String header : headers) {
      if (header.indexOf(':') < 1) {
        // A value may be a secret: it is not shown.
        mistakes.add("--header must be 'NAME: VALUE', but was without a name or a colon");
      }
    }
    if (mistakes.isEmpty()) return;
    throw new CommandLine.ParameterException(spec.commandLine(), String.join("\n", mistakes));
  }

  private static boolean isHttp(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
  }

  private Question question() {
    if (target == null) {
      List<String> all = new ArrayList<>(List.of("Authorization: Bearer a-secret"));
      all.addAll(headers);
      return new Question(
          path == null ? DEMO_PATH : path, data == null ? DEMO_QUESTION : data, all);
    }
    return new Question(path == null ? "/" : path, data, headers);
  }

  private static Reply ask(DemoProxy demo, DemoClient client, Question question, PrintWriter out)
      throws IOException, InterruptedException {
    out.println();
    out.printf("> %s %s%n", question.method(), question.path());
    Reply reply =
        client.ask(
            demo.proxy().uri(),
            question,
            head -> {
              String type = head.headers().firstValue("Content-Type").orElse("");
              out.printf("< %d %s%n%n  ", head.statusCode(), type);
              out.flush();
            },
            text -> {
              out.print(text);
              out.flush(); // each token is seen when it comes
            });
    out.println();
    if (reply.broken() != null) out.printf("  (broke off: %s)%n", reply.broken().getMessage());
    return reply;
  }

  /** What can be told while the proxy runs. */
  private void showPlugins(DemoProxy demo, PrintWriter out) throws InterruptedException {
    // The exchange ends for the plugins when its last byte is out: perhaps after the client saw it.
    Answer answer = answers.poll(10, TimeUnit.SECONDS);
    out.println();
    out.println("what the plugins did");
    demo.addedFields()
        .forEach(
            field -> out.printf("  header-injection  added %s: %s%n", field.name(), field.value()));
    if (answer != null) out.printf("  token-counter     %s%n", line(answer));
    out.flush();
  }

  private void told(Answer answer, PrintWriter out) {
    if (staying.get()) {
      out.printf("  token-counter     %s%n", line(answer));
      out.flush();
    } else {
      answers.add(answer);
    }
  }

  private static String line(Answer answer) {
    return String.format(
        "%d tokens, %d bytes; first byte after %d ms, last after %d ms; request %s",
        answer.tokens(),
        answer.bytes(),
        answer.firstByte().toMillis(),
        answer.end().toMillis(),
        answer.requestId());
  }

  private void stay(DemoProxy demo, Question question, PrintWriter out) {
    if (breakIt) {
      demo.proxy()
          .plugins()
          .register(
              new FaultyPlugin(Hook.RESPONSE_HEADERS, FailurePolicy.FAIL_OPEN),
              new PluginOptions());
    }
    staying.set(true);
    Thread atExit = new Thread(() -> stopAtExit(demo, out), "quickstart-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
    out.println();
    out.println("the proxy stays up; try");
    out.printf("  curl -iN%s %s%n", curlData(), demo.proxy().uri().resolve(question.path()));
    out.println("and end it with Ctrl-C");
    out.println();
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      out.println("interrupted"); // ends the stay, as Ctrl-C does
    } finally {
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private String curlData() {
    return data == null ? "" : " -H 'Content-Type: application/json' -d '" + data + "'";
  }

  private static void stopAtExit(DemoProxy demo, PrintWriter out) {
    try (demo) {
      stop(demo, out);
    } catch (IOException e) {
      out.println(e);
    } finally {
      out.flush();
    }
  }

  /** Stops the proxy, and tells what its plugins wrote and sent until then. */
  private static void stop(DemoProxy demo, PrintWriter out) throws IOException {
    demo.stop();
    out.println();
    out.println("what the plugins left when the proxy stopped");
    List<String> log = demo.logLines();
    int shown = Math.min(log.size(), MAX_LINES);
    for (String line : log.subList(0, shown)) {
      out.printf("  logging           %s%n", shortened(line));
    }
    if (log.size() > shown) {
      out.printf("  logging           ... and %d further lines%n", log.size() - shown);
    }
    long synced =
        demo.metricRecords().stream()
            .filter(line -> line.contains("\"syncStatus\":\"synced\""))
            .count();
    out.printf(
        "  metrics-sync      wrote %d records, of which %d are sent%n",
        demo.metricRecords().size(), synced);
    for (String metric : demo.sentMetrics()) out.printf("  metrics-sync      sent %s%n", metric);
    out.flush();
  }

  /** Leaves out what has been shown before. */
  private static String shortened(String line) {
    String rest = REPEATED.matcher(line).replaceAll("");
    return rest.length() <= MAX_LINE ? rest : rest.substring(0, MAX_LINE) + "...";
  }
}
