package dev.headgate.core.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Lookups are run by hand here, as an executor would run them. */
class CheckedResolverTest {
  private static final byte[] PUBLIC = {8, 8, 8, 8};
  private final List<Runnable> threads = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final CheckedResolver resolver = resolver(this::found);

  private static CheckedResolver resolver(NameLookup lookup) {
    return new CheckedResolver(
        AddressPolicy.publicOnly(),
        lookup,
        System::nanoTime,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1));
  }

  private InetAddress[] found(String name) throws UnknownHostException {
    asked.add(name);
    return new InetAddress[] {InetAddress.getByAddress(PUBLIC)};
  }

  private CompletableFuture<List<InetSocketAddress>> ask(String name) {
    return resolver.resolve(new HostPort(name, 80), threads::add).toCompletableFuture();
  }

  private void runAll() {
    while (!threads.isEmpty()) threads.remove(0).run();
  }

  @Test
  void whoWaitsForTheSameNameTakesNoThread() {
    List<CompletableFuture<List<InetSocketAddress>>> waiting = new ArrayList<>();
    for (int i = 0; i < 500; i++) waiting.add(ask("slow.test"));
    assertEquals(1, threads.size());
    runAll();
    assertEquals(List.of("slow.test"), asked);
    for (CompletableFuture<List<InetSocketAddress>> one : waiting) {
      assertEquals(80, one.join().get(0).getPort());
    }
  }

  @Test
  void onlySoManyLookupsHoldAThread() {
    List<CompletableFuture<List<InetSocketAddress>>> waiting = new ArrayList<>();
    for (int i = 0; i < 3000; i++) waiting.add(ask("slow" + i + ".test"));
    assertEquals(64, threads.size());
    CompletionException tooMany = assertThrows(CompletionException.class, waiting.get(2999)::join);
    assertInstanceOf(UnknownHostException.class, tooMany.getCause());
    assertFalse(waiting.get(1000).isDone());
    runAll();
    for (int i = 0; i < 1064; i++) assertEquals(80, waiting.get(i).join().get(0).getPort());
    assertEquals(1064, asked.size());
    assertTrue(waiting.stream().allMatch(CompletableFuture::isDone));
    CompletableFuture<List<InetSocketAddress>> later = ask("later.test");
    runAll();
    assertEquals(80, later.join().get(0).getPort());
  }

  @Test
  void lookupThatCanNotRunFails() {
    CompletableFuture<List<InetSocketAddress>> refused =
        resolver
            .resolve(
                new HostPort("a.test", 80),
                task -> {
                  throw new RejectedExecutionException("stopped");
                })
            .toCompletableFuture();
    CompletionException failure = assertThrows(CompletionException.class, refused::join);
    assertInstanceOf(UnknownHostException.class, failure.getCause());
  }

  @Test
  void callerThatBlocksGetsTheSameAnswer() throws Exception {
    HostPort address = new HostPort("a.test", 80);
    assertEquals(resolver.resolve(address), resolver.known(address));
    assertEquals(List.of("a.test"), asked);
    CheckedResolver empty = resolver(name -> new InetAddress[0]);
    assertThrows(UnknownHostException.class, () -> empty.resolve(address));
  }
}
