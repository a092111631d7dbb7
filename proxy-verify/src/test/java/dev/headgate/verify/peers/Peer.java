package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test, in an environment without settings of its user. */
final class Peer implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> errors = new CompletableFuture<>();

  Peer(List<String> command) throws IOException {
    this(command, Map.of());
  }

  /** Starts it with settings in its environment. */
  Peer(List<String> command, Map<String, String> settings) throws IOException {
    this.command = command;
    ProcessBuilder builder = new ProcessBuilder(command);
    // Proxies, keys and profiles that the user has set must not decide the outcome.
    String path = System.getenv("PATH");
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", path);
    environment.putAll(settings);
    process = builder.start();
    read("out", process.getInputStream(), this::readLines);
    read("err", process.getErrorStream(), this::readErrors);
  }

  /** Runs a program that must end well, and returns what it prints. */
  static List<String> run(String... command) throws IOException, InterruptedException {
    return run(List.of(command), Map.of());
  }

  /** Runs a program that must end well, and returns what it prints. */
  static List<String> run(List<String> command, Map<String, String> settings)
      throws IOException, InterruptedException {
    try (Peer peer = new Peer(command, settings)) {
      List<String> output = peer.rest();
      assertEquals(0, peer.exit(), () -> output + " of " + peer.describe());
      return output;
    }
  }

  /** Waits for the next line that the program prints. */
  String line() throws InterruptedException {
    Optional<String> line = Waiting.next(lines, "a line of " + describe());
    if (line.isEmpty()) throw new AssertionError("no more lines come from " + describe());
    return line.get();
  }

  /** Waits for the end of the program and returns the lines that were not taken before. */
  List<String> rest() throws InterruptedException {
    List<String> rest = new ArrayList<>();
    Optional<String> line = Waiting.next(lines, "the output of " + describe());
    while (line.isPresent()) {
      rest.add(line.get());
      line = Waiting.next(lines, "the output of " + describe());
    }
    return rest;
  }

  /** Waits for the end of the program. */
  int exit() throws InterruptedException {
    if (!process.waitFor(Waiting.CEILING.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("waited in vain for the end of " + describe());
    }
    return process.exitValue();
  }

  /** Waits for the end of the program and returns what it wrote to its standard error. */
  String errors() throws InterruptedException {
    exit();
    return errors.join();
  }

  /** Returns what the program reads. */
  OutputStream input() {
    return process.getOutputStream();
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Ends the program without asking it. */
  void kill() {
    process.destroyForcibly();
  }

  String describe() {
    return command + (errors.isDone() ? ", which wrote to standard error:\n" + errors.join() : "");
  }

  private interface Reader {
    void read(BufferedReader in) throws IOException;
  }

  private static void read(String name, InputStream in, Reader reader) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader text =
                  new BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8))) {
                reader.read(text);
              } catch (IOException closed) {
                // The program was killed.
              }
            },
            "peer-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void readLines(BufferedReader in) throws IOException {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(Optional.of(line));
      }
    } finally {
      lines.add(Optional.empty());
    }
  }

  private void readErrors(BufferedReader in) throws IOException {
    StringBuilder all = new StringBuilder();
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        all.append(line).append('\n');
      }
    } finally {
      errors.complete(all.toString());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
