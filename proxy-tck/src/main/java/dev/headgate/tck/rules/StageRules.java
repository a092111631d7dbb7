package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.HeadFaultRules.checkRequestFault;
import static dev.headgate.tck.rules.HeadFaultRules.checkResponseFault;
import static dev.headgate.tck.rules.PluginFixtures.LONG;
import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What stages of decisions, and functions that decide on bodies, can do wrong: P-53 to P-55. */
final class StageRules {
  private static NoClassDefFoundError error() {
    return new NoClassDefFoundError("on purpose");
  }

  /** A stage of the plugin's own, which does something else when it is asked. */
  private static <T> CompletionStage<T> stage(Asked<T> asked) {
    return new CompletableFuture<>() {
      @Override
      public CompletableFuture<T> whenComplete(
          BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
        asked.by(action);
        return this;
      }
    };
  }

  private interface Asked<T> {
    void by(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action);
  }

  @Rule(id = "P-53", intent = "an Error is a fault wherever a decision is put off")
  void errorOfADecisionPutOff(Lab lab) {
    checkRequestFault(
        lab, LONG, "stage", ctx -> RequestDecision.later(CompletableFuture.failedFuture(error())));
    checkRequestFault(
        lab,
        LONG,
        "asked",
        ctx ->
            RequestDecision.later(
                stage(
                    action -> {
                      throw error();
                    })));
    checkRequestFault(lab, LONG, "other", ctx -> RequestDecision.later(other()));
    checkRequestFault(
        lab,
        LONG,
        "edits",
        ctx ->
            RequestDecision.proceed(
                edited -> {
                  throw error();
                }));
    checkRequestFault(
        lab,
        LONG,
        "body",
        ctx ->
            RequestDecision.withBody(
                9,
                body -> {
                  throw error();
                }));
    checkResponseFault(
        lab,
        LONG,
        "stage-out",
        ctx -> ResponseDecision.later(CompletableFuture.failedFuture(error())));
    checkResponseFault(
        lab,
        LONG,
        "asked-out",
        ctx ->
            ResponseDecision.later(
                stage(
                    action -> {
                      throw error();
                    })));
    checkResponseFault(
        lab,
        LONG,
        "edits-out",
        ctx ->
            ResponseDecision.proceed(
                edited -> {
                  throw error();
                }));
    checkResponseFault(
        lab,
        LONG,
        "body-out",
        ctx ->
            ResponseDecision.withBody(
                9,
                body -> {
                  throw error();
                }));
    checkHandler(lab);
  }

  /** A route's handler is no plugin: its client is told of an error of the proxy's own. */
  private static void checkHandler(Lab lab) {
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route(
                        "/throws",
                        ctx -> {
                          throw error();
                        })
                    .route(
                        "/fails",
                        ctx -> RequestDecision.later(CompletableFuture.failedFuture(error())))
                    .route(
                        "/body",
                        ctx ->
                            RequestDecision.withBody(
                                9,
                                body -> {
                                  throw error();
                                })));
    for (String path : new String[] {"/throws", "/fails", "/body"}) {
      assertError(500, "internal", lab.client(proxy).get(path));
    }
  }

  /** What one who casts without a check can bring. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <T> CompletionStage<T> other() {
    return (CompletionStage) CompletableFuture.completedFuture("proceed");
  }

  @Rule(id = "P-54", intent = "of what a stage tells, the first counts, and once")
  void stageTellsOnce(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    DirectResponse answer = DirectResponse.status(299).text("first");
    CompletionStage<RequestDecision> twice =
        stage(
            action -> {
              action.accept(RequestDecision.respond(answer), null);
              action.accept(RequestDecision.proceed(), null);
              action.accept(null, onPurpose());
              throw onPurpose();
            });
    CompletionStage<ResponseDecision> twiceOut =
        stage(
            action -> {
              action.accept(ResponseDecision.replace(answer), null);
              action.accept(ResponseDecision.proceed(), null);
              throw onPurpose();
            });
    Proxy in = lab.proxy(origin, lab.plugin("a").onRequest(ctx -> RequestDecision.later(twice)));
    Proxy out =
        lab.proxy(
            origin, lab.plugin("b").onResponseHeaders(ctx -> ResponseDecision.later(twiceOut)));

    for (Proxy proxy : new Proxy[] {in, out}) {
      ClientExchange exchange = lab.client(proxy).get("/");
      assertEquals(299, exchange.status());
      assertEquals("first", exchange.readAllText());
      lab.awaitIdle(proxy);
    }
    assertEquals(0, status(in, "a").faults());
    assertEquals(0, status(out, "b").faults());
    // A value and a failure at once is a failure.
    checkRequestFault(
        lab,
        LONG,
        "both",
        ctx ->
            RequestDecision.later(
                stage(action -> action.accept(RequestDecision.proceed(), onPurpose()))));
  }

  @Rule(id = "P-55", intent = "a plugin that puts its decision off without end is at fault")
  void endlessDecision(Lab lab) {
    CompletableFuture<RequestDecision> itself = new CompletableFuture<>();
    itself.complete(RequestDecision.later(itself));
    checkRequestFault(lab, LONG, "itself", ctx -> RequestDecision.later(itself));
    CompletableFuture<ResponseDecision> itselfOut = new CompletableFuture<>();
    itselfOut.complete(ResponseDecision.later(itselfOut));
    checkResponseFault(lab, LONG, "itself-out", ctx -> ResponseDecision.later(itselfOut));
    checkRequestFault(lab, LONG, "again", ctx -> again());
    checkResponseFault(lab, LONG, "again-out", ctx -> againOut());
  }

  private static RequestDecision again() {
    return RequestDecision.withBody(9, body -> again());
  }

  private static ResponseDecision againOut() {
    return ResponseDecision.withBody(9, body -> againOut());
  }
}
