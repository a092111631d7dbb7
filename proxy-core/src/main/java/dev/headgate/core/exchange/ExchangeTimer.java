package dev.headgate.core.exchange;

import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.spi.Engine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one exchange: what each direction waits for, and the whole. {@link Deadlines}
 * looks at them. Thread-safe.
 */
final class ExchangeTimer {
  /** What a direction waits for. */
  enum Wait {
    /** Its turn, where only so many exchanges run at a time. */
    ADMISSION,
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
    /** The next byte of an open tunnel, from either side. */
    TUNNEL_MOVES,
    /** The end of the exchange. */
    END
  }

  private final Exchange exchange;
  private final Engine engine;
  private final Deadlines deadlines;

  // Guarded by this.
  private Timeouts timeouts;
  private @Nullable Wait request;
  private long requestDeadline;
  private @Nullable Wait response;
  private long responseDeadline;
  private boolean limited;
  private long totalDeadline;
  private boolean ended;
  private final @Nullable RateWatch requestRate;
  private final @Nullable RateWatch responseRate;

  ExchangeTimer(
      Exchange exchange, Engine engine, Deadlines deadlines, Timeouts timeouts, DataRates rates) {
    this.exchange = exchange;
    this.engine = engine;
    this.deadlines = deadlines;
    this.timeouts = timeouts;
    this.requestRate = watch(rates.requestBytesPerSecond(), rates);
    this.responseRate = watch(rates.responseBytesPerSecond(), rates);
  }

  private static @Nullable RateWatch watch(long bytesPerSecond, DataRates rates) {
    return bytesPerSecond == 0 ? null : new RateWatch(bytesPerSecond, rates.grace().toNanos());
  }

  /** Begins to measure the whole, if that is limited. */
  void start() {
    Duration total;
    synchronized (this) {
      total = timeouts.total();
      if (total == null) return;
      limited = true;
      totalDeadline = engine.nanoTime() + total.toNanos();
      deadlines.within(totalDeadline);
    }
  }

  /**
   * Takes the timeouts of the route that was chosen. Its limit on the whole, where it has one, is
   * in force from now on; else the one that is there stays.
   */
  synchronized void use(Timeouts values) {
    timeouts = values;
    Duration total = values.total();
    if (total == null || ended) return;
    limited = true;
    totalDeadline = engine.nanoTime() + total.toNanos();
    deadlines.within(totalDeadline);
  }

  private long allowed(Wait wait) {
    Duration allowed =
        switch (wait) {
          case CLIENT_SENDS -> timeouts.requestIdle();
          case UPSTREAM_TAKES -> timeouts.sendIdle();
          case RESPONSE_HEAD -> timeouts.firstByte();
          case UPSTREAM_SENDS -> timeouts.responseIdle();
          case CLIENT_TAKES -> timeouts.clientIdle();
          case TUNNEL_MOVES -> timeouts.tunnelIdle();
          case ADMISSION, END ->
              throw new IllegalArgumentException("the end has a deadline of its own");
        };
    return allowed.toNanos();
  }

  /** Says what the request's direction waits for from now on; null for nothing. */
  synchronized void request(@Nullable Wait wait) {
    if (requestRate != null && request == Wait.CLIENT_SENDS) requestRate.end(engine.nanoTime());
    request = wait;
    if (wait != null && !ended) {
      requestDeadline = engine.nanoTime() + allowed(wait);
      deadlines.within(requestDeadline);
    }
  }

  /** Waits for the next piece of the request's body, of which so much has come. */
  synchronized void clientSends(long bytes) {
    if (requestRate == null || ended) {
      request(Wait.CLIENT_SENDS);
      return;
    }
    long now = engine.nanoTime();
    request = Wait.CLIENT_SENDS;
    requestDeadline = now + Math.min(allowed(request), requestRate.begin(now, bytes));
    deadlines.within(requestDeadline);
  }

  /** Waits for the client to have taken so much of the response. */
  synchronized void clientTakes(long bytes) {
    if (responseRate == null || ended) {
      response(Wait.CLIENT_TAKES);
      return;
    }
    long now = engine.nanoTime();
    response = Wait.CLIENT_TAKES;
    responseDeadline = now + Math.min(allowed(response), responseRate.begin(now, bytes));
    deadlines.within(responseDeadline);
  }

  /** Waits for its turn. */
  synchronized void admission(Duration most) {
    request = Wait.ADMISSION;
    requestDeadline = engine.nanoTime() + most.toNanos();
    deadlines.within(requestDeadline);
  }

  /** Says what the response's direction waits for from now on; null for nothing. */
  synchronized void response(@Nullable Wait wait) {
    if (responseRate != null && response == Wait.CLIENT_TAKES) responseRate.end(engine.nanoTime());
    response = wait;
    if (wait != null && !ended) {
      responseDeadline = engine.nanoTime() + allowed(wait);
      deadlines.within(responseDeadline);
    }
  }

  /** A tunnel is open: other limits are in force from now on. */
  synchronized void tunnel() {
    request = null;
    Duration total = timeouts.tunnelTotal();
    limited = total != null;
    if (total != null) {
      totalDeadline = engine.nanoTime() + total.toNanos();
      deadlines.within(totalDeadline);
    }
    response(Wait.TUNNEL_MOVES);
  }

  synchronized void end() {
    ended = true;
  }

  /**
   * Ends the exchange if one of its deadlines has passed.
   *
   * @param now the engine's time
   * @return in how many nanoseconds the next one is due; {@link Long#MAX_VALUE} when there is none
   */
  long check(long now) {
    Wait expired = null;
    synchronized (this) {
      if (ended) return Long.MAX_VALUE;
      long nearest = Long.MAX_VALUE;
      if (limited) nearest = totalDeadline - now;
      if (nearest <= 0) expired = Wait.END;
      if (expired == null && request != null) {
        nearest = Math.min(nearest, requestDeadline - now);
        if (nearest <= 0) expired = request;
      }
      if (expired == null && response != null) {
        nearest = Math.min(nearest, responseDeadline - now);
        if (nearest <= 0) expired = response;
      }
      if (expired == null) return nearest;
      // What follows, such as an error response, waits anew.
      limited = false;
      request = null;
      response = null;
    }
    Wait over = expired;
    // On a thread of its own, as what follows may take its time, and others wait to be looked at.
    engine.executor().execute(() -> exchange.timedOut(over));
    return Long.MAX_VALUE;
  }
}
