package dev.headgate.api;

import dev.headgate.api.error.ProxyError;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * What a plugin decides on a CONNECT. Closed: each kind is a nested record, made by the method of
 * its name.
 */
public sealed interface ConnectDecision {
  /**
   * Leaves it to the next plugin, and at last to the proxy's own policy.
   *
   * @return the decision
   */
  static ConnectDecision proceed() {
    return Proceed.INSTANCE;
  }

  /**
   * Opens a tunnel, to the address asked for or to another one.
   *
   * @param address where to
   * @return the decision
   */
  static ConnectDecision tunnel(HostPort address) {
    return new Tunnel(address);
  }

  /**
   * Ends TLS in the proxy, so that plugins see the requests inside.
   *
   * @param address where to
   * @return the decision
   */
  static ConnectDecision inspect(HostPort address) {
    return new Inspect(address);
  }

  /**
   * Refuses.
   *
   * @param error what to tell the client
   * @return the decision
   */
  static ConnectDecision refuse(ProxyError error) {
    return new Refuse(error);
  }

  /**
   * Decides when a stage completes; faults as in {@link RequestDecision#later}.
   *
   * @param stage of the decision
   * @return the decision
   */
  static ConnectDecision later(CompletionStage<? extends ConnectDecision> stage) {
    return new Later(stage);
  }

  /** See {@link ConnectDecision#proceed()}. */
  enum Proceed implements ConnectDecision {
    /** The only one. */
    INSTANCE
  }

  /**
   * See {@link ConnectDecision#tunnel}.
   *
   * @param address where to
   */
  record Tunnel(HostPort address) implements ConnectDecision {
    /**
     * Checks that nothing is null.
     *
     * @param address where to
     */
    public Tunnel {
      Objects.requireNonNull(address, "address");
    }
  }

  /**
   * See {@link ConnectDecision#inspect}.
   *
   * @param address where to
   */
  record Inspect(HostPort address) implements ConnectDecision {
    /**
     * Checks that nothing is null.
     *
     * @param address where to
     */
    public Inspect {
      Objects.requireNonNull(address, "address");
    }
  }

  /**
   * See {@link ConnectDecision#refuse}.
   *
   * @param error the error
   */
  record Refuse(ProxyError error) implements ConnectDecision {
    /**
     * Checks that nothing is null.
     *
     * @param error the error
     */
    public Refuse {
      Objects.requireNonNull(error, "error");
    }
  }

  /**
   * See {@link ConnectDecision#later}.
   *
   * @param stage of the decision
   */
  record Later(CompletionStage<? extends ConnectDecision> stage) implements ConnectDecision {
    /**
     * Checks that nothing is null.
     *
     * @param stage of the decision
     */
    public Later {
      Objects.requireNonNull(stage, "stage");
    }
  }
}
