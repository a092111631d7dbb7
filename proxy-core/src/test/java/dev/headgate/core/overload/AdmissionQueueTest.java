package dev.headgate.core.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.config.Admission;
import dev.headgate.core.overload.AdmissionQueue.State;
import dev.headgate.core.overload.AdmissionQueue.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionQueueTest {
  private static AdmissionQueue queue(int running, int waiting) {
    return new AdmissionQueue(
        Admission.of(running).withQueue(waiting, Duration.ofSeconds(1)), Runnable::run);
  }

  @Test
  void letsInInOrder() {
    AdmissionQueue queue = queue(1, 2);
    List<String> order = new ArrayList<>();
    Ticket first = queue.enter(() -> order.add("first"));
    Ticket second = queue.enter(() -> order.add("second"));
    Ticket third = queue.enter(() -> order.add("third"));
    assertEquals(State.ADMITTED, first.state());
    assertEquals(State.WAITING, second.state());
    assertEquals(State.REFUSED, queue.enter(() -> order.add("fourth")).state());

    first.leave();
    first.leave();
    assertEquals(State.ADMITTED, second.state());
    assertEquals(State.WAITING, third.state());
    second.leave();
    third.leave();
    assertEquals(List.of("second", "third"), order);
    assertEquals(State.ADMITTED, queue.enter(() -> {}).state());
  }

  @Test
  void leavingTheQueueFreesThePlaceInIt() {
    AdmissionQueue queue = queue(1, 1);
    Ticket first = queue.enter(() -> {});
    Ticket second = queue.enter(() -> assertTrue(false, "has left"));
    second.leave();
    Ticket third = queue.enter(() -> {});
    assertEquals(State.WAITING, third.state());
    first.leave();
    assertEquals(State.LEFT, second.state());
    assertEquals(State.ADMITTED, third.state());
  }

  /** Tasks come on several threads; each leaves, some while they wait. */
  @Test
  void neverRunsMoreThanItMay() throws Exception {
    int visits = 20_000;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    ExecutorService grants = Executors.newSingleThreadExecutor();
    AdmissionQueue queue =
        new AdmissionQueue(Admission.of(3).withQueue(100, Duration.ofSeconds(1)), grants);
    for (int i = 0; i < visits; i++) {
      boolean impatient = i % 4 == 0;
      threads.execute(
          () -> {
            CompletableFuture<Ticket> own = new CompletableFuture<>();
            AtomicBoolean decided = new AtomicBoolean();
            Runnable visit =
                () -> {
                  if (decided.getAndSet(true)) return;
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  admitted.incrementAndGet();
                  CompletableFuture<Void> unused =
                      own.thenAccept(
                          ticket -> {
                            running.decrementAndGet();
                            ticket.leave();
                          });
                };
            Ticket ticket = queue.enter(visit);
            if (ticket.atFirst() == State.ADMITTED) visit.run();
            if (impatient && !decided.getAndSet(true)) ticket.leave();
            own.complete(ticket);
          });
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    // Each of those that still wait is granted its turn by the one before it.
    for (int i = 0; i < 200; i++) grants.submit(() -> {}).get();
    grants.shutdown();
    assertTrue(grants.awaitTermination(1, TimeUnit.MINUTES));
    assertTrue(most.get() <= 3, () -> "ran at a time: " + most);
    assertTrue(admitted.get() > 0);
    assertEquals(0, running.get());
    assertEquals(State.ADMITTED, queue.enter(() -> {}).state());
  }

  @Test
  void namesAllMistakes() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Admission(0, -1, Duration.ZERO, Duration.ofMillis(1)))
            .getMessage();
    for (String name : List.of("maxExchanges", "maxQueued", "queueTimeout", "retryAfter")) {
      assertTrue(message.contains(name), message);
    }
  }
}
