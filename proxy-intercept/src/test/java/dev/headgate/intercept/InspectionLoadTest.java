package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Many hosts and connections at once: no certificate is made twice, and few are kept. */
class InspectionLoadTest extends InspectedWire {
  /**
   * By default a small load. For the figures in docs/performance.md it is run with {@code
   * -Dheadgate.inspect.hosts=200 -Dheadgate.inspect.connections=1000}.
   */
  @Test
  void hostsGetTheirCertificatesOnceUnderLoad() throws Exception {
    int hosts = Integer.getInteger("headgate.inspect.hosts", 20);
    int connections = Integer.getInteger("headgate.inspect.connections", 100);
    proxy(inspect -> inspect.hosts("*"));
    ExecutorService clients = Executors.newFixedThreadPool(16);
    List<SSLSocket> sockets = new ArrayList<>();
    try {
      List<CompletableFuture<SSLSocket>> opening = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String host = "host" + i % hosts + ".test";
        opening.add(supply(clients, () -> open(host, own)));
      }
      for (CompletableFuture<SSLSocket> one : opening) sockets.add(one.get(2, TimeUnit.MINUTES));
      assertEquals(hosts, leaves.minted());
      // All are open now, and all are served.
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (SSLSocket socket : sockets) {
        String host = socket.getSession().getPeerHost();
        answers.add(
            supply(
                clients,
                () -> {
                  assertEquals(issuerOf(own), issuer(socket));
                  socket
                      .getOutputStream()
                      .write(
                          ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                              .getBytes(StandardCharsets.US_ASCII));
                  return readHead(socket.getInputStream());
                }));
      }
      for (CompletableFuture<String> answer : answers) {
        String head = answer.get(2, TimeUnit.MINUTES);
        assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      }
      assertEquals(hosts, leaves.minted());
      long[] minting = new long[hosts];
      for (int i = 0; i < hosts; i++) {
        long start = System.nanoTime();
        leaves.context("new" + i + ".test", Runnable::run).toCompletableFuture().get();
        minting[i] = System.nanoTime() - start;
      }
      Arrays.sort(minting);
      System.out.printf(
          "%d connections inside, %d hosts: minting takes %.1f ms (median), %.1f ms (p99)%n",
          connections, hosts, minting[hosts / 2] / 1e6, minting[hosts * 99 / 100] / 1e6);
    } finally {
      for (SSLSocket socket : sockets) socket.close();
      clients.shutdownNow();
    }
  }

  private static <T> CompletableFuture<T> supply(ExecutorService on, Callable<T> call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        on);
  }

  @Test
  void leastUsedHostsAreForgotten() throws Exception {
    MintedLeaves few = new MintedLeaves(own, 10, Clock.systemUTC());
    for (int i = 0; i < 200; i++) {
      few.context("host" + i + ".test", Runnable::run).toCompletableFuture().get();
    }
    assertEquals(200, few.minted());
    assertTrue(few.kept() <= 10, () -> few.kept() + " are kept");
  }
}
