package dev.headgate.benchmarks.session;

import com.sun.net.httpserver.HttpServer;
import dev.headgate.benchmarks.peers.PeerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** From the start of a JVM to a proxy that listens, and to its first answer. */
final class ColdStart {
  private static final int RUNS = 9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final String PROGRAM = "dev.headgate.benchmarks.peers.HeadgatePeer";

  private final HttpServer upstream;

  private ColdStart(HttpServer upstream) {
    this.upstream = upstream;
  }

  /**
   * What a start took, in milliseconds.
   *
   * @param listening until the proxy listens
   * @param answered until the first 200 through it
   */
  private record Times(double listening, double answered) {}

  static void measure(PrintStream out) throws IOException, InterruptedException {
    HttpServer upstream =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    upstream.start();
    Path directory = Files.createTempDirectory("start");
    Path archive = directory.resolve("classes.jsa");
    try {
      new ColdStart(upstream).compare(archive, out);
    } finally {
      upstream.stop(0);
      Files.deleteIfExists(archive);
      Files.delete(directory);
    }
  }

  private void compare(Path archive, PrintStream out) throws IOException, InterruptedException {
    String use = "-XX:SharedArchiveFile=" + archive;
    show(out, "plain", List.of());
    once(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    show(out, "AppCDS", List.of(use));
    show(out, "AppCDS, C1, SerialGC", List.of(use, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
  }

  private void show(PrintStream out, String name, List<String> options)
      throws IOException, InterruptedException {
    double[] listening = new double[RUNS];
    double[] answered = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      Times times = once(options);
      listening[i] = times.listening();
      answered[i] = times.answered();
    }
    Arrays.sort(listening);
    Arrays.sort(answered);
    out.printf(
        Locale.ROOT,
        "cold start, %s: %.0f ms to listening, %.0f ms to the first 200 (medians of %d)%n",
        name,
        listening[RUNS / 2],
        answered[RUNS / 2],
        RUNS);
  }

  private Times once(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), PROGRAM));
    command.add(Integer.toString(upstream.getAddress().getPort()));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      long listening = System.nanoTime();
      if (line == null || !line.startsWith(PeerProcess.LISTENING)) {
        throw new IOException("it did not start: " + line);
      }
      ask(Integer.parseInt(line.substring(PeerProcess.LISTENING.length())));
      long answered = System.nanoTime();
      // It ends by itself, and writes its archive then, if it was told to.
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) throw new IOException("it did not end");
      return new Times((listening - start) / NANOS_PER_MILLI, (answered - start) / NANOS_PER_MILLI);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      String text = new String(status, StandardCharsets.ISO_8859_1);
      if (!text.equals("HTTP/1.1 200")) throw new IOException("answered " + text);
    }
  }
}
