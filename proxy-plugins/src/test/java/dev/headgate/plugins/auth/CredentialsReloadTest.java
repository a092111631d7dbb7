package dev.headgate.plugins.auth;

import static dev.headgate.plugins.auth.FakeSupplier.cookies;
import static dev.headgate.plugins.auth.FakeSupplier.expiring;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.Interceptor;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.plugins.support.FakePluginContext;
import dev.headgate.plugins.support.FakeProxyContext;
import dev.headgate.plugins.support.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the supplier is asked, how often, and what becomes of its failures. */
@Timeout(30)
class CredentialsReloadTest {
  private static final String START = "2026-01-01T00:00:00Z";
  private static final String SOON = "2026-01-01T00:01:00Z";

  private final ManualClock clock = ManualClock.at(START);
  private final FakeSupplier supplier = new FakeSupplier();
  private Interceptor interceptor = interceptor(SsoAuthPlugin.create(), supplier);

  private Interceptor interceptor(SsoAuthPlugin plugin, CredentialsSupplier from) {
    return plugin.createInterceptor(new FakePluginContext().credentials(from).clock(clock));
  }

  private String cookieSent() throws Exception {
    return FakeProxyContext.get().sendThrough(interceptor).headers().get("Cookie");
  }

  private static CompletableFuture<? extends RequestDecision> pending(RequestDecision decision) {
    return assertInstanceOf(RequestDecision.Later.class, decision).stage().toCompletableFuture();
  }

  private static Throwable fault(RequestDecision decision) {
    return assertThrows(CompletionException.class, () -> pending(decision).join()).getCause();
  }

  private Throwable fault() {
    return assertThrows(
        CredentialsException.class, () -> FakeProxyContext.get().onRequest(interceptor));
  }

  @Test
  void asksOnceForManyRequests() throws Exception {
    supplier.thenGive(cookies("sid", "s1"));
    for (int i = 0; i < 3; i++) assertEquals("sid=s1", cookieSent());
    assertEquals(List.of(false), supplier.reloads);
  }

  @Test
  void waitsForASlowSupplierAndEditsThenOnly() throws Exception {
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "a=1");
    RequestDecision decision = ctx.onRequest(interceptor);
    assertFalse(pending(decision).isDone());
    supplier.answer(0, cookies("sid", "s1"));
    assertEquals("a=1", ctx.headers().get("Cookie"), "not before the engine says so");
    ctx.follow(pending(decision).join());
    assertEquals("sid=s1; a=1", ctx.headers().get("Cookie"));
    assertEquals("sid=s1", cookieSent());
  }

  @Test
  void goesOnUnchangedWhenASlowSupplierHasNone() throws Exception {
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "a=1");
    RequestDecision decision = ctx.onRequest(interceptor);
    supplier.answers.get(0).complete(Optional.empty());
    assertSame(RequestDecision.proceed(), pending(decision).join());
  }

  @Test
  void asksAgainWhileThereAreNone() throws Exception {
    supplier.thenGiveNone().thenGiveNone().thenGive(cookies("sid", "s1"));
    assertEquals(null, cookieSent());
    assertEquals(null, cookieSent());
    assertEquals("sid=s1", cookieSent());
    assertEquals(List.of(false, false, false), supplier.reloads);
  }

  @Test
  void reloadsExpiredCredentials() throws Exception {
    supplier.thenGive(expiring(SOON, "sid", "old")).thenGive(cookies("sid", "new"));
    clock.advance(Duration.ofMillis(59_999));
    assertEquals("sid=old", cookieSent());
    clock.advance(Duration.ofMillis(1));
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true), supplier.reloads);
  }

  @Test
  void reloadsAtOnceWhatWasExpiredWhenFirstLoaded() throws Exception {
    supplier.thenGive(expiring(START, "sid", "old")).thenGive(expiring(SOON, "sid", "new"));
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true), supplier.reloads);
  }

  @Test
  void failsWhenEvenTheReloadedAreExpired() throws Exception {
    supplier.thenGive(expiring(START, "sid", "a")).thenGive(expiring(START, "sid", "b"));
    assertTrue(fault().getMessage().contains("expired"));
    assertEquals(List.of(false, true), supplier.reloads);
    supplier.thenGive(cookies("sid", "c"));
    assertEquals("sid=c", cookieSent());
  }

  @Test
  void goesOnWithoutWhenTheReloadFindsNone() throws Exception {
    supplier.thenGive(expiring(SOON, "sid", "old")).thenGiveNone().thenGive(cookies("sid", "new"));
    assertEquals("sid=old", cookieSent());
    clock.advance(Duration.ofMinutes(1));
    assertEquals(null, cookieSent());
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true, false), supplier.reloads);
  }

  @Test
  void sharesOneReloadAmongAllWhoWait() throws Exception {
    supplier.thenGive(expiring(SOON, "sid", "old"));
    cookieSent();
    clock.advance(Duration.ofMinutes(1));
    List<FakeProxyContext> exchanges = new ArrayList<>();
    List<RequestDecision> decisions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      exchanges.add(FakeProxyContext.get().header("Cookie", "n=" + i));
      decisions.add(exchanges.get(i).onRequest(interceptor));
    }
    assertEquals(List.of(false, true), supplier.reloads);
    supplier.answer(1, cookies("sid", "new"));
    for (int i = 0; i < 5; i++) {
      exchanges.get(i).follow(pending(decisions.get(i)).join());
      assertEquals("sid=new; n=" + i, exchanges.get(i).headers().get("Cookie"));
    }
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true), supplier.reloads);
  }

  @Test
  void sharesOneReloadAmongRequestsOnManyThreads() throws Exception {
    int threads = 8;
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Optional<Credentials>> answer = new CompletableFuture<>();
    interceptor =
        interceptor(
            SsoAuthPlugin.create(),
            reload -> {
              calls.incrementAndGet();
              asked.countDown();
              return answer;
            });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier together = new CyclicBarrier(threads);
      List<Future<FakeProxyContext>> sent = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        sent.add(
            pool.submit(
                () -> {
                  FakeProxyContext ctx = FakeProxyContext.get();
                  together.await();
                  RequestDecision decision = ctx.onRequest(interceptor);
                  ctx.follow(
                      decision instanceof RequestDecision.Later
                          ? pending(decision).get(20, TimeUnit.SECONDS)
                          : decision);
                  return ctx;
                }));
      }
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      answer.complete(Optional.of(cookies("sid", "s1")));
      for (Future<FakeProxyContext> each : sent) {
        assertEquals("sid=s1", each.get(20, TimeUnit.SECONDS).headers().get("Cookie"));
      }
      assertEquals(1, calls.get());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void shieldsThoseWhoWaitFromEachOther() throws Exception {
    RequestDecision first = FakeProxyContext.get().onRequest(interceptor);
    RequestDecision second = FakeProxyContext.get().onRequest(interceptor);
    pending(first).cancel(true);
    pending(first).obtrudeException(new IllegalStateException("deadline"));
    supplier.answer(0, cookies("sid", "s1"));
    assertInstanceOf(RequestDecision.Edit.class, pending(second).join());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 403, 500})
  void keepsTheCookiesOnOtherStatuses(int status) throws Exception {
    supplier.thenGive(cookies("sid", "s1"));
    FakeProxyContext ctx = FakeProxyContext.get().sendThrough(interceptor);
    ctx.answer(status, interceptor);
    assertEquals("sid=s1", cookieSent());
    assertEquals(List.of(false), supplier.reloads);
  }

  @Test
  void reloadsWithTheNextRequestAfterA401() throws Exception {
    supplier.thenGive(cookies("sid", "old")).thenGive(cookies("sid", "new"));
    FakeProxyContext refused =
        FakeProxyContext.get().header("Cookie", "a=1").sendThrough(interceptor);
    assertSame(ResponseDecision.proceed(), refused.answer(401, interceptor));
    assertEquals(List.of(false), supplier.reloads, "not before the next request");
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true), supplier.reloads);
  }

  @Test
  void reloadsOnceForManyRefusalsOfTheSameCookies() throws Exception {
    supplier.thenGive(cookies("sid", "old")).thenGive(cookies("sid", "older-looking"));
    FakeProxyContext first = FakeProxyContext.get().sendThrough(interceptor);
    FakeProxyContext second = FakeProxyContext.get().sendThrough(interceptor);
    FakeProxyContext third = FakeProxyContext.get().sendThrough(interceptor);
    first.answer(401, interceptor);
    second.answer(401, interceptor);
    assertEquals("sid=older-looking", cookieSent());
    third.answer(401, interceptor);
    assertEquals("sid=older-looking", cookieSent());
    assertEquals(List.of(false, true), supplier.reloads);
  }

  @Test
  void ignoresA401ToARequestWithoutItsCookies() throws Exception {
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().paths("/v1").build();
    interceptor = interceptor(plugin, supplier);
    supplier.thenGive(cookies("sid", "s1"));
    FakeProxyContext.get().path("/v1").sendThrough(interceptor);
    FakeProxyContext other = FakeProxyContext.get().path("/x").header("Cookie", "sid=s12");
    other.sendThrough(interceptor).answer(401, interceptor);
    FakeProxyContext.get().path("/x").sendThrough(interceptor).answer(401, interceptor);
    FakeProxyContext.get().path("/v1").sendThrough(interceptor);
    assertEquals(List.of(false), supplier.reloads);
  }

  @Test
  void reloadsOnTheStatusesAskedFor() throws Exception {
    interceptor = interceptor(SsoAuthPlugin.builder().reloadOn(302, 403).build(), supplier);
    supplier.thenGive(cookies("sid", "1")).thenGive(cookies("sid", "2"));
    FakeProxyContext.get().sendThrough(interceptor).answer(401, interceptor);
    assertEquals("sid=1", cookieSent());
    FakeProxyContext.get().sendThrough(interceptor).answer(302, interceptor);
    assertEquals("sid=2", cookieSent());
  }

  @Test
  void neverReloadsForAStatusWhenNoneIsAskedFor() throws Exception {
    interceptor = interceptor(SsoAuthPlugin.builder().reloadOn().build(), supplier);
    supplier.thenGive(cookies("sid", "1"));
    FakeProxyContext.get().sendThrough(interceptor).answer(401, interceptor);
    assertEquals("sid=1", cookieSent());
  }

  @Test
  void failsWhenTheSupplierFailsAndAsksAgain() throws Exception {
    Exception reason = new IOException("key store locked");
    supplier.thenAnswer(CompletableFuture.failedFuture(reason));
    Throwable fault = fault();
    assertEquals("the credentials supplier failed", fault.getMessage());
    assertSame(reason, fault.getCause());
    supplier.thenGive(cookies("sid", "s1"));
    assertEquals("sid=s1", cookieSent());
  }

  @Test
  void failsAllWhoWaitWhenTheSupplierFailsLater() throws Exception {
    RequestDecision first = FakeProxyContext.get().onRequest(interceptor);
    RequestDecision second = FakeProxyContext.get().onRequest(interceptor);
    Exception reason = new IOException("key store locked");
    supplier.answers.get(0).completeExceptionally(new CompletionException(reason));
    assertSame(reason, fault(first).getCause());
    assertSame(reason, fault(second).getCause());
  }

  @Test
  void keepsAskingForAReloadWhenAReloadFails() throws Exception {
    supplier.thenGive(cookies("sid", "old"));
    FakeProxyContext.get().sendThrough(interceptor).answer(401, interceptor);
    supplier.thenAnswer(CompletableFuture.failedFuture(new IllegalStateException("no")));
    fault();
    supplier.thenGive(cookies("sid", "new"));
    assertEquals("sid=new", cookieSent());
    assertEquals(List.of(false, true, true), supplier.reloads);
  }

  @Test
  void failsWhenTheSupplierThrows() {
    RuntimeException reason = new IllegalStateException("boom");
    interceptor =
        interceptor(
            SsoAuthPlugin.create(),
            reload -> {
              throw reason;
            });
    assertSame(reason, fault().getCause());
    assertSame(reason, fault().getCause());
  }

  @Test
  void failsWhenTheSupplierReturnsNull() {
    interceptor = interceptor(SsoAuthPlugin.create(), reload -> null);
    assertEquals("the credentials supplier returned null", fault().getMessage());
  }

  @Test
  void failsWhenTheSupplierCompletesWithNull() {
    supplier.thenAnswer(CompletableFuture.completedFuture(null));
    assertEquals("the credentials supplier gave null", fault().getMessage());
  }

  @Test
  void failsLaterOnIllegalCookies() throws Exception {
    RequestDecision decision = FakeProxyContext.get().onRequest(interceptor);
    supplier.answer(0, cookies("sid", "hidden\r\nX: y"));
    Throwable fault = fault(decision);
    assertInstanceOf(CredentialsException.class, fault);
    assertFalse(fault.getMessage().contains("hidden"), fault.getMessage());
  }

  @Test
  void givesUpACallThatNeverCompletes() throws Exception {
    RequestDecision stuck = FakeProxyContext.get().onRequest(interceptor);
    clock.advance(SsoAuthPlugin.DEFAULT_LOAD_TIMEOUT.minusMillis(1));
    RequestDecision joins = FakeProxyContext.get().onRequest(interceptor);
    assertEquals(1, supplier.reloads.size());
    clock.advance(Duration.ofMillis(1));
    supplier.thenGive(cookies("sid", "s2"));
    assertEquals("sid=s2", cookieSent());
    assertEquals(2, supplier.reloads.size());
    assertFalse(pending(stuck).isDone());
    assertFalse(pending(joins).isDone());

    supplier.answer(0, cookies("sid", "late"));
    assertEquals("sid=s2", cookieSent(), "what comes too late changes nothing");
  }

  @Test
  void doesNotWaitOutAClockThatWasSetBack() throws Exception {
    FakeProxyContext.get().onRequest(interceptor);
    clock.advance(Duration.ofHours(-1));
    supplier.thenGive(cookies("sid", "s2"));
    assertEquals("sid=s2", cookieSent());
  }

  @Test
  void takesTheLoadTimeoutAsHookDeadline() {
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().loadTimeout(Duration.ofMinutes(3)).build();
    assertEquals(Duration.ofMinutes(3), plugin.metadata().hookDeadline());
  }

  @Test
  void survivesExpiryInstantsBeyondTheClocksRange() throws Exception {
    supplier.thenGive(new Credentials(Map.of("sid", "s1"), Instant.MAX));
    assertEquals("sid=s1", cookieSent());
    interceptor = interceptor(SsoAuthPlugin.create(), supplier);
    supplier
        .thenGive(new Credentials(Map.of("sid", "s1"), Instant.MIN))
        .thenGive(cookies("sid", "s2"));
    assertEquals("sid=s2", cookieSent());
  }

  @Test
  void letsASupplierUseTheProxyItself() throws Exception {
    List<RequestDecision> inner = new ArrayList<>();
    interceptor =
        interceptor(
            SsoAuthPlugin.create(),
            reload -> {
              inner.add(decide());
              return CompletableFuture.completedFuture(Optional.of(cookies("sid", "s1")));
            });
    assertEquals("sid=s1", cookieSent());
    assertEquals(1, inner.size(), "it waits for the call that it is part of");
    assertTrue(pending(inner.get(0)).isDone());
  }

  private RequestDecision decide() {
    try {
      return FakeProxyContext.get().onRequest(interceptor);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
