package dev.headgate.benchmarks.compare;

import dev.headgate.benchmarks.peers.PeerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that listens. It ends with {@link #close()}, and with this JVM. */
final class Running implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final Process process;
  private final int port;
  private final @Nullable BufferedReader answers;
  private final Thread atExit;

  private Running(Process process, int port, @Nullable BufferedReader answers, Thread atExit) {
    this.process = process;
    this.port = port;
    this.answers = answers;
    this.atExit = atExit;
  }

  /** Starts a JVM whose program is a {@link PeerProcess}. */
  static Running jvm(List<String> command, Path log) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Thread atExit = endWithThisProcess(process);
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = answers.readLine();
    if (line == null || !line.startsWith(PeerProcess.LISTENING)) {
      process.destroyForcibly();
      throw new IOException("it did not start:\n" + Files.readString(log));
    }
    int port = Integer.parseInt(line.substring(PeerProcess.LISTENING.length()));
    return new Running(process, port, answers, atExit);
  }

  /** Starts a program that was told its port. */
  static Running daemon(List<String> command, int port, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Thread atExit = endWithThisProcess(process);
    long deadline = System.nanoTime() + START.toNanos();
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        process.destroyForcibly();
        throw new IOException("it did not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new Running(process, port, null, atExit);
  }

  /** Returns a port that was free a moment ago, for programs that can't choose one themselves. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Thread endWithThisProcess(Process process) {
    Thread thread = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(thread);
    return thread;
  }

  int port() {
    return port;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /** Collects garbage, where there is any, and returns the bytes of heap then in use, or 0. */
  long collectGarbage() throws IOException {
    if (answers == null) return 0;
    Writer questions = process.outputWriter(StandardCharsets.UTF_8);
    questions.write(PeerProcess.COLLECT + "\n");
    questions.flush();
    String answer = answers.readLine();
    if (answer == null) throw new IOException("it is gone");
    return Long.parseLong(answer.substring(PeerProcess.HEAP.length()));
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This JVM ends, and its hooks do the rest.
      process.destroyForcibly();
    }
  }
}
