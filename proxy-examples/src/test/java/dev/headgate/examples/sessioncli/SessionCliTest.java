package dev.headgate.examples.sessioncli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the tool as a process of its own, as its users do. */
class SessionCliTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path directory;
  private FakeApi api;

  @BeforeEach
  void startApi() throws IOException {
    api = new FakeApi();
  }

  @AfterEach
  void stopApi() {
    api.close();
  }

  private static List<String> java(Class<?> program) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    return command;
  }

  /** Starts the tool in a session with metrics. */
  private Process start(String metricsEndpoint, List<String> options, List<String> child)
      throws IOException {
    List<String> command = java(SessionCli.class);
    command.addAll(List.of("--target", api.uri(), "--session", "s1"));
    command.addAll(List.of("--metrics-endpoint", metricsEndpoint));
    command.addAll(List.of("--metrics-directory", directory.toString()));
    command.addAll(options);
    command.add("--");
    command.addAll(child);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put(SessionOptions.COOKIES, "sid=abc; tenant=7");
    process.redirectError(ProcessBuilder.Redirect.INHERIT);
    return process.start();
  }

  private static List<String> child(String variable, String... paths) {
    List<String> command = java(ChildProgram.class);
    command.add(variable);
    command.addAll(List.of(paths));
    return command;
  }

  private static List<String> output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  private String metricsEndpoint() {
    return api.uri() + "/v1/metrics";
  }

  private List<String> records() throws IOException {
    return Files.readAllLines(directory.resolve("s1_metrics.jsonl")).stream()
        .filter(line -> line.contains("\"type\":\"delta\""))
        .toList();
  }

  @Test
  void passesTheExitCodeOnAndFlushes() throws Exception {
    Process process =
        start(metricsEndpoint(), List.of(), child("ANTHROPIC_BASE_URL", "/v1/hello", "/v1/hello"));
    List<String> output = output(process);

    assertEquals(7, process.waitFor(), () -> "output: " + output);
    assertEquals(List.of("answer 200 hello", "answer 200 hello"), output.subList(2, 4));
    assertEquals("cookies null", output.get(1), "the child must not see the session's cookies");
    assertEquals("sid=abc; tenant=7 session-cli/1.0", api.asked().get(0));
    assertEquals(2, records().size());
    assertTrue(records().stream().allMatch(line -> line.contains("\"syncStatus\":\"synced\"")));
    // It is sent again where a busy machine answers too late.
    assertFalse(api.metrics().isEmpty());
    assertTrue(
        api.metrics().stream().allMatch(metric -> metric.contains("\"requests\":2")),
        () -> api.metrics().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPENAI_BASE_URL=/v1", "OPENAI_BASE_URL=v1"})
  void setsTheVariablesAskedForWithTheirPaths(String variable) throws Exception {
    Process process =
        start(
            metricsEndpoint(),
            List.of("--env", variable, "--env", "OTHER"),
            child("OPENAI_BASE_URL", "/hello"));

    assertTrue(output(process).contains("answer 200 hello"));
    assertEquals(7, process.waitFor());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void endsTheChildAndFlushesWhenItIsTerminated() throws Exception {
    Process process =
        start(metricsEndpoint(), List.of(), child("ANTHROPIC_BASE_URL", "/v1/hello", "/v1/hang"));
    api.awaitHanging();

    process.toHandle().destroy(); // SIGTERM; the process itself would close its output here

    List<String> output = output(process);
    assertEquals(128 + 15, process.waitFor(), () -> "output: " + output);
    long pid = Long.parseLong(output.get(0).substring("pid ".length()));
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    assertEquals(2, records().size(), "the exchange that was cut off has its record too");
    assertTrue(records().get(0).contains("\"outcome\":\"completed\""), records().get(0));
    assertTrue(records().get(1).contains("\"outcome\":\"client_gone\""), records().get(1));
    assertTrue(records().stream().allMatch(line -> line.contains("\"syncStatus\":\"synced\"")));
    assertTrue(api.metrics().get(0).contains("\"requests\":2"), () -> api.metrics().get(0));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void tellsWhichSignalKilledTheChild() throws Exception {
    Process process = start(metricsEndpoint(), List.of(), List.of("sh", "-c", "kill -9 $$"));

    assertEquals(128 + 9, process.waitFor());
  }

  @Test
  void keepsOnDiskWhatCouldNotBeSent() throws Exception {
    Process process =
        start(
            api.uri() + "/v1/hang",
            List.of("--flush", "2"),
            child("ANTHROPIC_BASE_URL", "/v1/hello"));

    output(process);
    assertEquals(7, process.waitFor(), "metrics never change the outcome");
    assertEquals(1, records().size());
    assertTrue(records().get(0).contains("\"syncStatus\":\"pending\""), records().get(0));
  }

  @Test
  void saysWhenThereIsNoSuchCommand() {
    StringWriter errors = new StringWriter();
    int status =
        SessionCli.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute("--target", api.uri(), "--", "no-such-command-anywhere");

    assertEquals(127, status);
    assertTrue(errors.toString().contains("no-such-command-anywhere"), errors.toString());
  }

  @Test
  void saysWhatIsWrongWithTheTarget() {
    StringWriter errors = new StringWriter();
    int status =
        SessionCli.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute("--target", "nonsense", "--", "true");

    assertEquals(2, status);
    assertTrue(errors.toString().contains("nonsense"), errors.toString());
  }

  @Test
  void saysAllThatIsWrongAtOnce() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    StringWriter errors = new StringWriter();
    int status =
        SessionCli.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute(
                "--target=ftp://nowhere.test",
                "--metrics-endpoint=nothing",
                "--flush=-3",
                "--grace=-1",
                "--session= ",
                "--env=1X",
                "--log-directory=" + file,
                "--metrics-directory=" + file,
                "--",
                "true");

    assertEquals(2, status);
    String told = errors.toString();
    for (String mistake :
        List.of(
            "--target must be a URL of http or https, but was 'ftp://nowhere.test'",
            "--metrics-endpoint must be a URL of http or https, but was 'nothing'",
            "--flush must be 1 to 86400 seconds, but was -3",
            "--grace must be 0 to 86400 seconds, but was -1",
            "--session must have letters, but was ' '",
            "--env must be NAME or NAME=PATH, but was '1X'",
            "--log-directory must be a directory",
            "--metrics-directory must be a directory")) {
      assertTrue(told.contains(mistake), told);
    }
  }
}
