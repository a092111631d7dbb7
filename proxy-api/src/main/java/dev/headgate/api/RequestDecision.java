package dev.headgate.api;

import dev.headgate.api.body.CollectedBody;
import dev.headgate.api.error.ProxyError;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a plugin decides on a request. Closed: each kind is a nested record, made by the method of
 * its name.
 */
public sealed interface RequestDecision {
  /**
   * Goes on to the next plugin, with what the hook changed in the head. Allocates nothing.
   *
   * @return the decision
   */
  static RequestDecision proceed() {
    return Proceed.INSTANCE;
  }

  /**
   * Goes on, after changes to the head that the engine lets the function make, on the exchange's
   * own thread. Meant for the end of a {@link #later} stage, whose own thread may not write the
   * head.
   *
   * @param edits changes the context's request; what it throws is a fault of the hook
   * @return the decision
   */
  static RequestDecision proceed(Consumer<? super ProxyContext> edits) {
    return new Edit(edits);
  }

  /**
   * Goes on with another body in place of the client's. What the client still sends of its own is
   * read and dropped, up to the limit for unread bodies.
   *
   * <p>Digests go, in the head and behind the body. Other trailers follow the new body where the
   * client's was collected before ({@link #withBody}, here or by a plugin before), so that they had
   * come; its length is then not told ahead. Trailers of a body that was not collected are lost
   * with it.
   *
   * @param body the bytes from position to limit, which must not change any more
   * @return the decision
   */
  static RequestDecision proceedWithBody(ByteBuffer body) {
    return new ProceedWithBody(body);
  }

  /**
   * Answers in place of the upstream. Plugins before this one see the response, those behind never
   * see the exchange.
   *
   * @param response the answer
   * @return the decision
   */
  static RequestDecision respond(DirectResponse response) {
    return new Respond(response);
  }

  /**
   * Ends the exchange with an error.
   *
   * @param error what to tell the client
   * @return the decision
   */
  static RequestDecision fail(ProxyError error) {
    return new Fail(error);
  }

  /**
   * Decides when a stage completes. A stage that fails, throws when it is asked, completes with
   * null, or is not complete when the plugin's hook deadline passes is a fault; the deadline holds
   * for all stages together where one leads to another. The first that a stage tells counts; what
   * comes later, or after the deadline or the exchange's end, has no effect. A hundred decisions
   * that are put off in a row without waiting are a fault, too. The stage may complete on any
   * thread.
   *
   * @param stage of the decision
   * @return the decision
   */
  static RequestDecision later(CompletionStage<? extends RequestDecision> stage) {
    return new Later(stage);
  }

  /**
   * Collects the request's body, then decides. The body is the client's, before any chunk hook saw
   * it (and without content coding if the metadata says {@code plainText}); going on sends it
   * through the chunk hooks as usual. A request without a body gives an empty one at once. A body
   * over the limit ends the exchange with 413.
   *
   * @param maxBytes the limit, 1 or more
   * @param then decides; may change the head; runs under the rules of the hook
   * @return the decision
   * @throws IllegalArgumentException if the limit is below 1
   */
  static RequestDecision withBody(
      int maxBytes, Function<? super CollectedBody, ? extends RequestDecision> then) {
    return new WithBody(maxBytes, then);
  }

  /** See {@link RequestDecision#proceed()}. */
  enum Proceed implements RequestDecision {
    /** The only one. */
    INSTANCE
  }

  /**
   * See {@link RequestDecision#proceed(Consumer)}.
   *
   * @param edits the changes
   */
  record Edit(Consumer<? super ProxyContext> edits) implements RequestDecision {
    /**
     * Checks that nothing is null.
     *
     * @param edits the changes
     */
    public Edit {
      Objects.requireNonNull(edits, "edits");
    }
  }

  /**
   * See {@link RequestDecision#proceedWithBody}.
   *
   * @param body the other body
   */
  record ProceedWithBody(ByteBuffer body) implements RequestDecision {
    /**
     * Checks that nothing is null.
     *
     * @param body the other body
     */
    public ProceedWithBody {
      Objects.requireNonNull(body, "body");
    }
  }

  /**
   * See {@link RequestDecision#respond}.
   *
   * @param response the answer
   */
  record Respond(DirectResponse response) implements RequestDecision {
    /**
     * Checks that nothing is null.
     *
     * @param response the answer
     */
    public Respond {
      Objects.requireNonNull(response, "response");
    }
  }

  /**
   * See {@link RequestDecision#fail}.
   *
   * @param error the error
   */
  record Fail(ProxyError error) implements RequestDecision {
    /**
     * Checks that nothing is null.
     *
     * @param error the error
     */
    public Fail {
      Objects.requireNonNull(error, "error");
    }
  }

  /**
   * See {@link RequestDecision#later}.
   *
   * @param stage of the decision
   */
  record Later(CompletionStage<? extends RequestDecision> stage) implements RequestDecision {
    /**
     * Checks that nothing is null.
     *
     * @param stage of the decision
     */
    public Later {
      Objects.requireNonNull(stage, "stage");
    }
  }

  /**
   * See {@link RequestDecision#withBody}.
   *
   * @param maxBytes the limit
   * @param then decides
   */
  record WithBody(int maxBytes, Function<? super CollectedBody, ? extends RequestDecision> then)
      implements RequestDecision {
    /**
     * Checks the limit.
     *
     * @param maxBytes the limit
     * @param then decides
     */
    public WithBody {
      if (maxBytes < 1)
        throw new IllegalArgumentException("maxBytes must be 1 or more, but was " + maxBytes);
      Objects.requireNonNull(then, "then");
    }
  }
}
