package dev.headgate.core.exchange;

import dev.headgate.core.config.Timeouts;
import dev.headgate.core.spi.Engine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one exchange: what each direction waits for, and the whole. One timer serves all
 * of them; it is armed for the nearest and, when it fires early because that was met, armed again.
 * Thread-safe.
 */
final class ExchangeTimer {
  /** What a direction waits for. */
  enum Wait {
    /** The next piece of the request's body, from the client. */
    CLIENT_SENDS,
    /** The upstream takes the next piece of the request's body. */
    UPSTREAM_TAKES,
    /** The response's head. */
    RESPONSE_HEAD,
    /** The next piece of the response's body, from the upstream. */
    UPSTREAM_SENDS,
    /** The client takes the next piece of the response. */
    CLIENT_TAKES,
    /** The end of the exchange. */
    END
  }

  private final Exchange exchange;
  private final Engine engine;

  // Guarded by this.
  private Timeouts timeouts;
  private @Nullable Wait request;
  private long requestDeadline;
  private @Nullable Wait response;
  private long responseDeadline;
  private boolean limited;
  private long totalDeadline;
  private Engine.@Nullable Timer timer;
  private long armedFor;
  private boolean ended;

  ExchangeTimer(Exchange exchange, Engine engine, Timeouts timeouts) {
    this.exchange = exchange;
    this.engine = engine;
    this.timeouts = timeouts;
    Duration total = timeouts.total();
    if (total != null) {
      limited = true;
      totalDeadline = engine.nanoTime() + total.toNanos();
      synchronized (this) {
        arm(totalDeadline);
      }
    }
  }

  /** Takes the timeouts of the route that was chosen; the limit on the whole stays as it is. */
  synchronized void use(Timeouts values) {
    timeouts = values;
  }

  private long allowed(Wait wait) {
    Duration allowed =
        switch (wait) {
          case CLIENT_SENDS -> timeouts.requestIdle();
          case UPSTREAM_TAKES -> timeouts.sendIdle();
          case RESPONSE_HEAD -> timeouts.firstByte();
          case UPSTREAM_SENDS -> timeouts.responseIdle();
          case CLIENT_TAKES -> timeouts.clientIdle();
          case END -> throw new IllegalArgumentException("the end has a deadline of its own");
        };
    return allowed.toNanos();
  }

  /** Says what the request's direction waits for from now on; null for nothing. */
  synchronized void request(@Nullable Wait wait) {
    request = wait;
    if (wait != null && !ended) {
      requestDeadline = engine.nanoTime() + allowed(wait);
      arm(requestDeadline);
    }
  }

  /** Says what the response's direction waits for from now on; null for nothing. */
  synchronized void response(@Nullable Wait wait) {
    response = wait;
    if (wait != null && !ended) {
      responseDeadline = engine.nanoTime() + allowed(wait);
      arm(responseDeadline);
    }
  }

  synchronized void end() {
    ended = true;
    if (timer != null) timer.cancel();
    timer = null;
  }

  private void arm(long deadline) {
    if (timer != null) {
      if (deadline - armedFor >= 0) return;
      timer.cancel();
    }
    armedFor = deadline;
    timer = engine.schedule(deadline - engine.nanoTime(), this::fire);
  }

  private void fire() {
    Wait expired = null;
    synchronized (this) {
      timer = null;
      if (ended) return;
      long now = engine.nanoTime();
      if (limited && now - totalDeadline >= 0) {
        expired = Wait.END;
      } else if (request != null && now - requestDeadline >= 0) {
        expired = request;
      } else if (response != null && now - responseDeadline >= 0) {
        expired = response;
      }
      if (expired == null) {
        if (limited) arm(totalDeadline);
        if (request != null) arm(requestDeadline);
        if (response != null) arm(responseDeadline);
      } else {
        // What follows, such as an error response, waits anew.
        limited = false;
        request = null;
        response = null;
      }
    }
    if (expired != null) exchange.timedOut(expired);
  }
}
