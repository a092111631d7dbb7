package dev.headgate.examples.sessioncli;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.StartException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs a command behind a proxy of its own: starts the proxy on a free port, tells the command its
 * URL in an environment variable, passes the command's exit code on, and stops with the plugins'
 * final flush, whatever ended the command.
 */
@Command(
    name = "session-cli",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 100,
    synopsisHeading = "Usage: session-cli [options] -- command [arguments]%n",
    customSynopsis = "",
    description = "Runs a command behind a proxy that lives as long as the command does.",
    footer = {
      "",
      "Cookies that the API and the metrics endpoint get are taken from the variable",
      SessionOptions.COOKIES + " (name=value; name=value), which the command does not see."
    })
public final class SessionCli implements Callable<Integer> {
  /** As shells say it: the command was not found. */
  private static final int NOT_FOUND = 127;

  @Option(
      names = "--env",
      paramLabel = "NAME[=PATH]",
      defaultValue = "ANTHROPIC_BASE_URL",
      description =
          "Sets this environment variable of the command to the proxy's URL, with the "
              + "path behind it where one is given. Default: ${DEFAULT-VALUE}. Example: "
              + "--env OPENAI_BASE_URL=/v1")
  private List<String> variables = new ArrayList<>();

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "How long the command may take to end when this tool is told to; then it is "
              + "killed. Default: ${DEFAULT-VALUE}.")
  private int grace = 10;

  @Mixin private SessionOptions session = new SessionOptions();

  @Parameters(arity = "1..*", paramLabel = "command", description = "What to run.")
  private List<String> command = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Whether the session came to its end by itself. */
  private volatile boolean done;

  /**
   * Runs it.
   *
   * @param args options, {@code --}, the command and its arguments
   */
  public static void main(String[] args) {
    // Only warnings, so that the command has the terminal to itself.
    System.setProperty(
        "org.slf4j.simpleLogger.defaultLogLevel",
        System.getProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn"));
    System.exit(commandLine().execute(args));
  }

  /** From the command's name on, all arguments are the command's, whatever they look like. */
  static CommandLine commandLine() {
    SessionCli tool = new SessionCli();
    return new CommandLine(tool)
        .setStopAtPositional(true)
        .setExpandAtFiles(false)
        .setExecutionStrategy(
            parsed -> {
              if (!parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) tool.check();
              return new CommandLine.RunLast().execute(parsed);
            });
  }

  /** Tells all that is wrong with the options at once, before anything is started. */
  private void check() {
    List<String> mistakes = new ArrayList<>(session.mistakes());
    if (grace < 0 || grace > SessionOptions.MOST_SECONDS) {
      mistakes.add("--grace must be 0 to 86400 seconds, but was " + grace);
    }
    for (String variable : variables) {
      if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
        mistakes.add("--env must be NAME or NAME=PATH, but was '" + variable + "'");
      }
    }
    if (mistakes.isEmpty()) return;
    throw new CommandLine.ParameterException(
        spec.commandLine(), "session-cli: " + String.join("\nsession-cli: ", mistakes));
  }

  // tag::session[]
  @Override
  public Integer call() throws InterruptedException {
    try (Proxy proxy = session.builder(System.getenv()).start()) {
      ProcessBuilder process = new ProcessBuilder(command).inheritIO();
      process.environment().remove(SessionOptions.COOKIES); // the proxy's, not the command's
      variables.forEach(variable -> set(process.environment(), variable, proxy.uri()));
      Child child = new Child(process);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endedBySignal(child, proxy)));
      return child.run();
    } catch (IOException e) {
      return failed(NOT_FOUND, e);
    } catch (ConfigurationException | StartException e) {
      return failed(CommandLine.ExitCode.SOFTWARE, e);
    } finally {
      done = true;
    }
  }

  /** Ctrl-C or SIGTERM: the command ends first, then the proxy, which has seen all of it. */
  private void endedBySignal(Child child, Proxy proxy) {
    if (done) return;
    try {
      int status = child.end(Duration.ofSeconds(grace));
      proxy.stop();
      Runtime.getRuntime().halt(status);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // end::session[]

  private static void set(Map<String, String> environment, String variable, URI proxy) {
    int equals = variable.indexOf('=');
    if (equals < 0) {
      environment.put(variable, proxy.toString());
    } else {
      String path = variable.substring(equals + 1);
      String slash = path.isEmpty() || path.startsWith("/") ? "" : "/";
      environment.put(variable.substring(0, equals), proxy + slash + path);
    }
  }

  private int failed(int status, Exception reason) {
    spec.commandLine().getErr().println("session-cli: " + reason.getMessage());
    return status;
  }
}
