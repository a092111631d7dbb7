package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.Proxy;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.route.Route;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * Requests and responses that were mutated at random, over real sockets. {@code
 * -Dheadgate.test.fuzz=100000} runs that many of each.
 */
class WireFuzzTest extends WireTest {
  private static final int CASES = Integer.getInteger("headgate.test.fuzz", 5000);
  private static final int WORKERS = 24;
  private static final Duration BRIEF = Duration.ofMillis(300);
  private static final long SEED = Long.getLong("headgate.test.seed", 20_261_121);
  private static final String SENTINEL =
      "GET /sentinel HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  /** What a client may get for a request: the origin's answer, or a refusal of the proxy. */
  private static final Set<Integer> STATUSES =
      Set.of(200, 400, 404, 405, 408, 413, 414, 417, 421, 431, 501, 505, 508);

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger forwarded = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** A proxy of its own with an origin of its own, so that what the origin sees is of one case. */
  private final class Worker implements AutoCloseable {
    final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    final List<StrictReader.Message> seen = Collections.synchronizedList(new ArrayList<>());
    final List<String> garbage = Collections.synchronizedList(new ArrayList<>());
    final Set<Socket> sockets = Collections.synchronizedSet(new HashSet<>());
    final ExecutorService threads = Executors.newCachedThreadPool();
    final Proxy proxy;

    /** What the origin sends in place of its answer, and whether it closes then. */
    volatile byte[] response;

    volatile boolean closing;

    Worker(Timeouts timeouts) throws IOException {
      String target = "http://127.0.0.1:" + server.getLocalPort();
      proxy =
          opened(
              Proxy.builder()
                  .engine(engine)
                  .grace(Duration.ofMillis(100))
                  .timeouts(timeouts)
                  .route("/**", target)
                  .route(
                      Route.builder("/good").target(target).timeouts(Timeouts.defaults()).build())
                  .start());
      threads.execute(this::accept);
    }

    private void accept() {
      while (true) {
        try {
          Socket socket = server.accept();
          sockets.add(socket);
          threads.execute(() -> serve(socket));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        socket.setTcpNoDelay(true);
        StrictReader reader =
            new StrictReader(new BufferedInputStream(socket.getInputStream()), false);
        while (true) {
          StrictReader.Message request =
              reader.request(() -> write(socket, "HTTP/1.1 100 Continue\r\n\r\n"));
          if (request == null) return;
          seen.add(request);
          byte[] scripted = response;
          if (scripted == null || request.target().equals("/good")) {
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          } else {
            socket.getOutputStream().write(scripted);
            if (closing) return;
          }
        }
      } catch (StrictReader.MalformedException e) {
        garbage.add(e.getMessage());
      } catch (IOException e) {
        // An exchange was broken off, which is no complete request.
      } finally {
        sockets.remove(socket);
      }
    }

    private static void write(Socket socket, String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes on a connection of their own, and returns all that comes back until its end. */
    List<StrictReader.Message> exchange(byte[] bytes, List<String> methods, List<String> faults)
        throws IOException {
      List<StrictReader.Message> responses = new ArrayList<>();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Wire.CEILING_MILLIS);
        try {
          socket.getOutputStream().write(bytes);
          InputStream in = new BufferedInputStream(socket.getInputStream());
          StrictReader reader = new StrictReader(in, false);
          while (true) {
            int count = responses.size();
            boolean head = count < methods.size() && methods.get(count).equals("HEAD");
            StrictReader.Message response = reader.response(head);
            if (response == null) return responses;
            responses.add(response);
          }
        } catch (SocketTimeoutException e) {
          faults.add("hangs after " + responses.size() + " responses");
        } catch (StrictReader.MalformedException e) {
          faults.add("malformed response: " + e.getMessage());
        } catch (IOException e) {
          // Cut or reset: not a complete response.
        }
      }
      return responses;
    }

    /** How many good requests came; one that was given up before may come late. */
    private long good() {
      return List.copyOf(seen).stream().filter(one -> one.target().equals("/good")).count();
    }

    /** A good request on a connection of its own works. */
    void checkGood(List<String> faults) throws IOException {
      long before = good();
      byte[] good =
          "GET /good HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.ISO_8859_1);
      List<StrictReader.Message> responses = exchange(good, List.of("GET"), faults);
      if (responses.size() != 1 || responses.get(0).status() != 200) {
        faults.add("the next good request got " + statuses(responses));
      }
      if (good() != before + 1) faults.add("the next good request was not forwarded once");
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : List.copyOf(sockets)) socket.close();
      threads.shutdownNow();
    }
  }

  private static List<Integer> statuses(List<StrictReader.Message> responses) {
    return responses.stream().map(StrictReader.Message::status).toList();
  }

  /** One case: returns what is wrong. */
  private interface Case {
    List<String> run(Worker worker, byte[] bytes, Random random) throws IOException;
  }

  /** Waits for what never comes are short; all others are long, as the machine may be busy. */
  private static Timeouts.Builder timeouts() {
    return Timeouts.builder()
        .requestHead(BRIEF)
        .requestIdle(BRIEF)
        .keepAlive(Duration.ofSeconds(10));
  }

  private void run(Timeouts timeouts, List<String> seeds, List<String> bits, Case each)
      throws Exception {
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) workers.add(opened(new Worker(timeouts)));
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (Worker worker : workers) {
        done.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < CASES; i = next.getAndIncrement()) {
                    Random random = new Random(SEED + i);
                    String text =
                        i < seeds.size() ? seeds.get(i) : FuzzInput.mutate(seeds, bits, random);
                    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                    List<String> faults = each.run(worker, bytes, random);
                    if (!faults.isEmpty()) {
                      next.set(CASES);
                      fail("case " + i + ": " + faults + "\n" + FuzzInput.shown(text));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : done) future.get();
    } finally {
      threads.shutdownNow();
    }
  }

  // --- requests

  @Test
  @Timeout(300) // thousands of cases
  void requests(TestReporter report) throws Exception {
    run(timeouts().build(), FuzzInput.requests(), FuzzInput.REQUEST_BITS, this::request);
    publish(report);
    assertTrue(forwarded.get() > CASES / 20, "forwarded " + forwarded);
    assertTrue(refused.get() > CASES / 20, "refused " + refused);
  }

  private List<String> request(Worker worker, byte[] bytes, Random random) throws IOException {
    List<String> faults = new ArrayList<>();
    byte[] sentinel = SENTINEL.getBytes(StandardCharsets.ISO_8859_1);
    byte[] sent = new byte[bytes.length + sentinel.length];
    System.arraycopy(bytes, 0, sent, 0, bytes.length);
    System.arraycopy(sentinel, 0, sent, bytes.length, sentinel.length);
    List<StrictReader.Message> expected = read(sent);
    List<String> methods = expected.stream().map(StrictReader.Message::start).toList();

    worker.seen.clear();
    List<StrictReader.Message> responses = worker.exchange(sent, methods, faults);
    List<StrictReader.Message> seen = List.copyOf(worker.seen);

    int at = 0;
    for (StrictReader.Message request : seen) {
      while (at < expected.size() && !same(expected.get(at), request)) at++;
      if (at++ >= expected.size()) {
        faults.add("the upstream saw " + request.start() + " " + request.target());
      }
    }
    if (responses.size() > expected.size() + 1) faults.add("too many responses");
    boolean rejected = false;
    for (StrictReader.Message response : responses) {
      if (!STATUSES.contains(response.status())) faults.add(response.status() + response.text());
      rejected |= response.status() != 200;
    }
    forwarded.addAndGet(seen.isEmpty() ? 0 : 1);
    refused.addAndGet(rejected ? 1 : 0);
    if (rejected || random.nextInt(10) == 0) worker.checkGood(faults);
    faults.addAll(worker.garbage);
    return faults;
  }

  /** What a strict reader finds in the client's bytes, up to the first that is malformed or cut. */
  private static List<StrictReader.Message> read(byte[] sent) {
    StrictReader reader = new StrictReader(new ByteArrayInputStream(sent), false);
    List<StrictReader.Message> requests = new ArrayList<>();
    try {
      for (StrictReader.Message request = reader.request(() -> {});
          request != null;
          request = reader.request(() -> {})) {
        requests.add(request);
      }
    } catch (IOException e) {
      // What follows is nothing that may be forwarded whole.
    }
    return requests;
  }

  private static boolean same(StrictReader.Message client, StrictReader.Message upstream) {
    return client.start().equals(upstream.start())
        && client.text().equals(upstream.text())
        && upstream.target().equals(normal(client));
  }

  private static String normal(StrictReader.Message client) {
    HeaderList host = new HeaderList();
    host.append("Host", "localhost");
    try {
      return RequestTarget.parse(
              client.start(), client.target(), HttpVersion.HTTP_1_1, "http", host)
          .pathAndQuery();
    } catch (BadTargetException e) {
      return "refused";
    }
  }

  // --- responses

  private void publish(TestReporter report) {
    report.publishEntry(CASES + " cases: forwarded " + forwarded + ", refused " + refused);
  }

  @Test
  @Timeout(300) // thousands of cases
  void responses(TestReporter report) throws Exception {
    Timeouts timeouts = timeouts().firstByte(BRIEF.multipliedBy(3)).responseIdle(BRIEF).build();
    run(timeouts, FuzzInput.responses(), FuzzInput.RESPONSE_BITS, this::response);
    publish(report);
    assertTrue(forwarded.get() > CASES / 20, "forwarded " + forwarded);
    assertTrue(refused.get() > CASES / 20, "refused " + refused);
  }

  private List<String> response(Worker worker, byte[] bytes, Random random) throws IOException {
    List<String> faults = new ArrayList<>();
    boolean head = random.nextInt(8) == 0;
    boolean closing = random.nextInt(4) != 0;
    worker.closing = closing;
    worker.response = bytes;
    String method = head ? "HEAD" : random.nextBoolean() ? "GET" : "POST";
    String body = method.equals("POST") ? "Content-Length: 2\r\n\r\nhi" : "\r\n";
    byte[] sent =
        (method + " /case HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + body)
            .getBytes(StandardCharsets.ISO_8859_1);
    List<StrictReader.Message> responses = worker.exchange(sent, List.of(method), faults);
    worker.response = null;
    if (responses.size() > 1) faults.add("two responses");
    StrictReader.Message expected = readResponse(bytes, head, closing);
    for (StrictReader.Message response : responses) {
      boolean own = "application/problem+json".equals(response.get("Content-Type"));
      if (own) {
        refused.incrementAndGet();
        if (response.status() != 502 && response.status() != 504) {
          faults.add("the proxy says " + response.status() + " " + response.text());
        }
      } else if (response.toEnd() && response.get("Content-Length") == null) {
        // The end of the connection is the end of the body: only a reset tells a cut one.
        faults.add("a response of no length to a client of HTTP/1.1");
      } else if (expected == null) {
        faults.add("garbage was forwarded as " + response.status() + " '" + response.text() + "'");
      } else {
        forwarded.incrementAndGet();
        assertEquals(expected.status(), response.status());
        if (!expected.text().equals(response.text())) {
          faults.add("'" + response.text() + "' for '" + expected.text() + "'");
        }
      }
    }
    if (random.nextInt(4) == 0) worker.checkGood(faults);
    faults.addAll(worker.garbage);
    return faults;
  }

  private static StrictReader.Message readResponse(byte[] bytes, boolean head, boolean closing) {
    try {
      StrictReader.Message message =
          new StrictReader(new ByteArrayInputStream(bytes), true).response(head);
      return message != null && message.toEnd() && !closing ? null : message;
    } catch (IOException e) {
      return null;
    }
  }
}
