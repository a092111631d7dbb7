package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.tck.lab.Waits;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.RecordedLog;
import dev.headgate.wasm.support.Upstream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.WeakReference;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many calls at once on few instances, and reloads in the middle of them. */
class ConcurrencyTest {
  private static final int THREADS = 16;

  private static final WasmLimits FOUR =
      WasmLimits.builder().instances(4).deadline(Duration.ofSeconds(30)).build();

  private static Generation generation(String guest) throws Exception {
    GuestLoader loader =
        new GuestLoader(null, guest, WasmRuntimes.compiled(), FOUR, Map.of(), null);
    return loader.load(Guests.source(Guests.test(guest)));
  }

  private static InstancePool pool(Generation generation, Duration patience) {
    GuestVariables variables = new GuestVariables(1000);
    return new InstancePool(
        generation,
        new GuestEnvironment(Map.of(), variables, new RecordedLog()),
        FOUR.instances(),
        patience);
  }

  private static <T> List<T> inParallel(Callable<T> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) futures.add(threads.submit(task));
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) results.add(future.get());
      return results;
    } finally {
      threads.shutdownNow();
      assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void tenThousandCallsOverFourInstancesGiveNoWrongAnswer() throws Exception {
    Generation generation = generation("verifying");
    InstancePool pool = pool(generation, Duration.ofSeconds(30));
    AtomicLong seed = new AtomicLong();
    long start = System.nanoTime();
    inParallel(
        () -> {
          Random random = new Random(seed.incrementAndGet());
          for (int i = 0; i < 10_000 / THREADS; i++) {
            byte[] bytes = new byte[1 + random.nextInt(500)];
            random.nextBytes(bytes);
            InstancePool.Lease lease = pool.acquire();
            try (lease) {
              assertArrayEquals(bytes, lease.instance().call("echo", () -> bytes, null));
            }
          }
          return null;
        });
    System.out.printf(
        "10,000 verified calls, %d threads, %d instances: %d ms%n",
        THREADS, pool.instances(), (System.nanoTime() - start) / 1_000_000);
    assertTrue(pool.instances() <= 4, "instances: " + pool.instances());
    pool.close();
    assertEquals(0, pool.instances());
  }

  @Test
  void readModifyWriteOfVariablesLosesNothing() throws Exception {
    GuestVariables variables = new GuestVariables(1000);
    Generation generation =
        new GuestLoader(null, "counter", WasmRuntimes.compiled(), FOUR, Map.of(), null)
            .load(Guests.source(Guests.example("request-counter")));
    GuestEnvironment environment = new GuestEnvironment(Map.of(), variables, new RecordedLog());
    inParallel(
        () -> {
          try (GuestInstance guest = generation.module().instantiate(environment)) {
            for (int i = 0; i < 100; i++) {
              guest.call("on_request", () -> new byte[0], HookCalls.ofRequest());
            }
          }
          return null;
        });
    GuestVariables.Session session = variables.session();
    byte[] value = session.get("requests");
    session.end(false);
    assertEquals(THREADS * 100L, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  @Test
  void callThatGetsNoInstanceInTimeFails() throws Exception {
    InstancePool pool = pool(generation("verifying"), Duration.ofMillis(1));
    List<InstancePool.Lease> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) all.add(pool.acquire());
    WasmTrapException none = assertThrows(WasmTrapException.class, pool::acquire);
    assertEquals(Reason.EXHAUSTED, none.reason());
    all.remove(0).close();
    try (InstancePool.Lease freed = pool.acquire()) {
      assertTrue(freed.instance().usable());
      assertEquals(4, pool.instances());
    }
    pool.close();
    for (InstancePool.Lease lease : all) lease.close();
    assertEquals(0, pool.instances());
    assertEquals(null, pool.acquire(), "closed");
  }

  @Test
  @Timeout(240)
  void reloadsUnderLoadFailNoRequestAndLeaveNothing() throws Exception {
    byte[] one = Guests.bytes(Guests.test("verifying"));
    byte[] other = one.clone();
    // "X-Verified" becomes "X-Verifies": another content of the same behaviour.
    int last = new String(one, StandardCharsets.ISO_8859_1).indexOf("X-Verified");
    other[last + 9] = 's';
    WasmPlugin plugin =
        WasmPlugin.builder(one)
            .id("verifying")
            .limits(FOUR)
            .hooks(Hook.REQUEST)
            .metadata(m -> m.failurePolicy(FailurePolicy.FAIL_CLOSED))
            .build();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong requests = new AtomicLong();
    CountDownLatch started = new CountDownLatch(2);
    try (Upstream upstream = new Upstream();
        Proxy proxy = Proxy.builder().route("/**", upstream.url()).plugin(plugin).start()) {
      ExecutorService threads = Executors.newFixedThreadPool(2);
      List<Future<?>> load = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        load.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    request(client, proxy, upstream);
                    requests.incrementAndGet();
                    started.countDown();
                  }
                  return null;
                }));
      }
      assertTrue(started.await(20, TimeUnit.SECONDS));
      for (int i = 0; i < 20; i++) plugin.reload(i % 2 == 0 ? other : one);
      Used before = Used.afterCollection();
      List<WeakReference<Object>> replaced = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        replaced.add(new WeakReference<>(plugin.generation()));
        replaced.add(new WeakReference<>(plugin.generation().module()));
        assertTrue(plugin.reload(i % 2 == 0 ? other : one));
      }
      done.set(true);
      for (Future<?> future : load) future.get();
      threads.shutdownNow();
      request(client, proxy, upstream); // a proxy leaves what was replaced with its next call
      Waits.until(
          "all that was replaced is collected",
          () -> {
            System.gc();
            return replaced.stream().allMatch(reference -> reference.get() == null);
          });
      Waits.until(
          "metaspace and heap are back, from " + before,
          () -> Used.afterCollection().isBackAt(before));
      System.out.printf(
          "200 reloads under load: %d requests; before: %s, after: %s%n",
          requests.get(), before, Used.afterCollection());
      assertEquals(220, plugin.status().reloads());
      assertEquals(Map.of(), plugin.status().failures());
      assertTrue(plugin.status().instances() <= 4);
      assertTrue(plugin.status().loadedAt().isBefore(Instant.now().plusSeconds(1)));
      assertEquals(Set.of(Hook.REQUEST), plugin.status().hooks());
    }
    assertEquals(0, plugin.status().instances());
  }

  private static void request(HttpClient client, Proxy proxy, Upstream upstream) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(proxy.uri()).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    Map<String, List<String>> headers = upstream.take().headers();
    assertTrue(
        headers.containsKey("X-verified") || headers.containsKey("X-verifies"),
        () -> "the guest was passed by: " + headers);
  }

  /** What is in use after a collection, in bytes. */
  private record Used(long metaspace, long heap) {
    /** Asks twice, so that what was reachable from finalized objects goes too. */
    static Used afterCollection() {
      System.gc();
      System.gc();
      MemoryPoolMXBean metaspace =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getName().equals("Metaspace"))
              .findFirst()
              .orElseThrow();
      return new Used(
          metaspace.getUsage().getUsed(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /** A guest has 128 KiB of memory: a sixth of what 200 with one instance each would hold. */
    boolean isBackAt(Used before) {
      return metaspace < before.metaspace + (3 << 20) && heap < before.heap + (4 << 20);
    }

    @Override
    public String toString() {
      return metaspace / 1024 + " KiB of metaspace, " + heap / 1024 + " KiB of heap";
    }
  }
}
