package dev.headgate.tck.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.RequestDecision;
import dev.headgate.tck.lab.memory.MemoryEnvironment;
import org.junit.jupiter.api.Test;

class LabTest {
  private final EventLog log = new EventLog();

  private String findings(Lab.Work work) {
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> Lab.run(new MemoryEnvironment(), log, work), log::text);
    return error.getMessage();
  }

  @Test
  void passesWhereNothingIsLeft() throws Throwable {
    Lab.run(
        new MemoryEnvironment(),
        log,
        lab -> {
          Proxy proxy = lab.proxy(lab.origin().answering(200, "ok"), lab.plugin("a"));
          assertEquals("ok", lab.client(proxy).get("/").readAllText());
        });
    assertTrue(log.text().contains("a.onRequest"), log.text());
  }

  @Test
  void keepsTheFirstFailure() {
    IllegalStateException failure = new IllegalStateException("on purpose");

    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                Lab.run(
                    new MemoryEnvironment(),
                    log,
                    lab -> {
                      throw failure;
                    }));

    assertSame(failure, thrown);
  }

  @Test
  void findsChunksThatAreNotReleased() {
    String findings =
        findings(
            lab -> {
              TestPlugin leaking =
                  lab.plugin("a").onResponseChunk((ctx, chunk, out) -> chunk.retain());
              Proxy proxy = lab.proxy(lab.origin().answering(200, "ok"), leaking);
              assertEquals("ok", lab.client(proxy).get("/").readAllText());
            });

    assertTrue(findings.contains("contents not released"), findings);
  }

  @Test
  void findsFailuresBesideTheRule() {
    String task =
        findings(
            lab ->
                lab.beside(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    }));
    assertTrue(task.contains("on purpose"), task);

    String script =
        findings(
            lab -> {
              TestOrigin origin =
                  lab.origin()
                      .answering(
                          request -> {
                            request.respond(200, "ok");
                            throw new IllegalStateException("on purpose");
                          });
              assertEquals("ok", lab.client(lab.proxy(origin)).get("/").readAllText());
              Waits.until("the script failed", () -> log.text().contains("script: failed"));
            });
    assertTrue(script.contains("on purpose"), script);
  }

  @Test
  void findsUncaughtExceptions() {
    String findings =
        findings(
            lab -> {
              Thread thread =
                  new Thread(
                      () -> {
                        throw new IllegalStateException("on purpose");
                      });
              thread.start();
              thread.join();
            });

    assertTrue(findings.contains("uncaught in"), findings);
  }

  @Test
  void findsOverlapsAndCallsAfterTheEnd() {
    Recorder recorder = new Recorder(log);
    HookCall first = recorder.enter("a", "onRequest", "1", null, false, null, null, true);
    HookCall other = recorder.enter("a", "onResponseHeaders", "1", null, false, null, null, true);
    assertEquals(0, recorder.misuses().size());

    HookCall overlapping = recorder.enter("b", "onRequestChunk", "1", null, true, null, null, true);

    assertEquals(1, recorder.misuses().size());
    recorder.leave(overlapping);
    recorder.leave(other);
    recorder.leave(first);
    assertEquals(3, recorder.calls().size());
  }

  @Test
  void stopsProxiesWithExchangesUnderWay() throws Throwable {
    Lab.run(
        new MemoryEnvironment(),
        log,
        lab -> {
          TestOrigin origin = lab.origin();
          Proxy proxy =
              lab.proxy(origin, lab.plugin("a").onRequest(ctx -> RequestDecision.proceed()));
          ClientExchange unused = lab.client(proxy).get("/");
          assertEquals("GET", origin.accept().method());
        });
  }
}
