package dev.headgate.tck.broken;

import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Chains that take what stages tell for something else. */
final class StageMutants {
  private StageMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        Mutant.chain(
            "keeps what was written when the decision fails",
            "P-52",
            "expected: <null> but was: <written>",
            Decisions.requests(LaterMutants::forgiving)),
        Mutant.chain(
            "takes an Error of a stage for proceed",
            "P-53",
            "expected: <500> but was: <599>",
            Decisions.responses(LaterMutants::forgiving)),
        Mutant.chain(
            "takes the last that a stage tells",
            "P-54",
            "expected: <299> but was: <200>",
            Decisions.requests(StageMutants::last)),
        Mutant.chain(
            "takes what is put off without end for proceed",
            "P-55",
            "expected: <500> but was: <599>",
            Decisions.responses(StageMutants::ended)));
  }

  private static RequestDecision last(RequestDecision decision) {
    if (!(decision instanceof RequestDecision.Later later)) return decision;
    AtomicReference<RequestDecision> told = new AtomicReference<>();
    try {
      later
          .stage()
          .whenComplete(
              (one, reason) -> {
                if (one != null) told.set(one);
              });
    } catch (IllegalStateException e) {
      // What it told before counts.
    }
    return told.get() == null ? decision : told.get();
  }

  private static ResponseDecision ended(ResponseDecision decision) {
    if (!(decision instanceof ResponseDecision.Later later)) return decision;
    CompletionStage<? extends ResponseDecision> stage = later.stage();
    return stage instanceof CompletableFuture<? extends ResponseDecision> one
            && one.isDone()
            && one.join() instanceof ResponseDecision.Later
        ? ResponseDecision.proceed()
        : decision;
  }
}
