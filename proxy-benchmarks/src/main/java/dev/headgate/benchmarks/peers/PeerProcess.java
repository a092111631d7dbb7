package dev.headgate.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** What a peer's process and its parent say to each other on standard input and output. */
public final class PeerProcess {
  /** Said once, followed by the port. */
  public static final String LISTENING = "listening ";

  /** Asked by the parent: collect all garbage. */
  public static final String COLLECT = "collect";

  /** The answer, followed by the heap in use, in bytes. */
  public static final String HEAP = "heap ";

  private PeerProcess() {}

  /**
   * Tells the port, then serves the parent's questions until it is gone, and ends the process: a
   * peer never outlives its parent.
   *
   * @param port where the peer listens
   * @throws IOException if the parent cannot be read
   */
  public static void serve(int port) throws IOException {
    System.out.println(LISTENING + port);
    BufferedReader parent =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = parent.readLine(); line != null; line = parent.readLine()) {
      if (line.equals(COLLECT)) {
        ManagementFactory.getMemoryMXBean().gc();
        System.out.println(
            HEAP + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      }
    }
    System.exit(0);
  }
}
