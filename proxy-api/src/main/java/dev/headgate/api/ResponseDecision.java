package dev.headgate.api;

import dev.headgate.api.body.CollectedBody;
import dev.headgate.api.error.ProxyError;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a plugin decides on a response's head. Closed: each kind is a nested record, made by the
 * method of its name.
 */
public sealed interface ResponseDecision {
  /**
   * Goes on to the next plugin, with what the hook changed in the head. Allocates nothing.
   *
   * @return the decision
   */
  static ResponseDecision proceed() {
    return Proceed.INSTANCE;
  }

  /**
   * Goes on, after changes to the head that the engine lets the function make, on the exchange's
   * own thread. Meant for the end of a {@link #later} stage.
   *
   * @param edits changes the context's response; what it throws is a fault of the hook
   * @return the decision
   */
  static ResponseDecision proceed(Consumer<? super ProxyContext> edits) {
    return new Edit(edits);
  }

  /**
   * Goes on with the same head and another body. The rest of the upstream's body is aborted unread.
   *
   * <p>Digests go, in the head and behind the body, and a strong {@code ETag} is weakened. Other
   * trailers, such as the status of a gRPC call, follow the new body where the upstream's was
   * collected before ({@link #withBody}, here or by a plugin before), so that they had come; its
   * length is then not told ahead. Trailers of a body that was not collected are lost with it.
   *
   * @param body the bytes from position to limit, which must not change any more
   * @return the decision
   */
  static ResponseDecision proceedWithBody(ByteBuffer body) {
    return new ProceedWithBody(body);
  }

  /**
   * Sends another response in place of the upstream's, whose rest is aborted unread, and whose
   * trailers are dropped. Plugins before this one see the other response; this plugin's own chunk
   * hook does not.
   *
   * @param response the other response
   * @return the decision
   */
  static ResponseDecision replace(DirectResponse response) {
    return new Replace(response);
  }

  /**
   * Ends the exchange with an error.
   *
   * @param error what to tell the client
   * @return the decision
   */
  static ResponseDecision fail(ProxyError error) {
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
  static ResponseDecision later(CompletionStage<? extends ResponseDecision> stage) {
    return new Later(stage);
  }

  /**
   * Collects the response's body, then decides. The body is the upstream's, before any chunk hook
   * saw it (and without content coding if the metadata says {@code plainText}); going on sends it
   * through the chunk hooks as usual. A response that can't have a body gives an empty one at once.
   * A body over the limit ends the exchange with 502.
   *
   * @param maxBytes the limit, 1 or more
   * @param then decides; may change the head; runs under the rules of the hook
   * @return the decision
   * @throws IllegalArgumentException if the limit is below 1
   */
  static ResponseDecision withBody(
      int maxBytes, Function<? super CollectedBody, ? extends ResponseDecision> then) {
    return new WithBody(maxBytes, then);
  }

  /** See {@link ResponseDecision#proceed()}. */
  enum Proceed implements ResponseDecision {
    /** The only one. */
    INSTANCE
  }

  /**
   * See {@link ResponseDecision#proceed(Consumer)}.
   *
   * @param edits the changes
   */
  record Edit(Consumer<? super ProxyContext> edits) implements ResponseDecision {
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
   * See {@link ResponseDecision#proceedWithBody}.
   *
   * @param body the other body
   */
  record ProceedWithBody(ByteBuffer body) implements ResponseDecision {
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
   * See {@link ResponseDecision#replace}.
   *
   * @param response the other response
   */
  record Replace(DirectResponse response) implements ResponseDecision {
    /**
     * Checks that nothing is null.
     *
     * @param response the other response
     */
    public Replace {
      Objects.requireNonNull(response, "response");
    }
  }

  /**
   * See {@link ResponseDecision#fail}.
   *
   * @param error the error
   */
  record Fail(ProxyError error) implements ResponseDecision {
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
   * See {@link ResponseDecision#later}.
   *
   * @param stage of the decision
   */
  record Later(CompletionStage<? extends ResponseDecision> stage) implements ResponseDecision {
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
   * See {@link ResponseDecision#withBody}.
   *
   * @param maxBytes the limit
   * @param then decides
   */
  record WithBody(int maxBytes, Function<? super CollectedBody, ? extends ResponseDecision> then)
      implements ResponseDecision {
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
