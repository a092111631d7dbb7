package dev.headgate.core.exchange;

import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.HeaderField;
import dev.headgate.core.config.Admission;
import dev.headgate.core.overload.AdmissionQueue;
import dev.headgate.core.overload.AdmissionQueue.State;
import dev.headgate.core.overload.AdmissionQueue.Ticket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places that an exchange has in the queues of its proxy and its route, given up at its end
 * whatever it was. Thread-safe.
 */
final class Turn {
  private final Exchange exchange;

  // Guarded by this; taken one after the other, never the second before the first was granted.
  private @Nullable Ticket first;
  private @Nullable Ticket second;
  private @Nullable AdmissionQueue queue;
  private boolean over;

  Turn(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Goes on when it is its turn: at once where there is room. */
  void take(AdmissionQueue from, Runnable next) {
    State state;
    synchronized (this) {
      if (over) return;
      Ticket ticket = from.enter(() -> granted(next));
      state = ticket.atFirst();
      queue = from;
      if (first == null) {
        first = ticket;
      } else {
        second = ticket;
      }
      // Before the turn can be granted, which takes the wait back.
      if (state == State.WAITING) exchange.timer().admission(from.limits().queueTimeout());
    }
    if (state == State.REFUSED) {
      refuse();
    } else if (state == State.ADMITTED) {
      next.run();
    }
  }

  private void granted(Runnable next) {
    synchronized (this) {
      if (over) return;
      exchange.timer().request(null);
    }
    if (!exchange.answered()) next.run();
  }

  /** Its turn has not come in time, unless it has just done so. */
  void expired() {
    boolean waits;
    synchronized (this) {
      waits = waits(first) || waits(second);
    }
    if (waits) refuse();
  }

  private void refuse() {
    AdmissionQueue full;
    synchronized (this) {
      full = queue;
    }
    if (full == null) return;
    Admission limits = full.limits();
    long seconds = limits.retryAfter().plusMillis(999).toSeconds();
    exchange.fail(
        TimeoutErrors.error(ExchangeTimer.Wait.ADMISSION),
        List.of(new HeaderField("Retry-After", Long.toString(seconds))));
  }

  /** Ends the exchange if it still waits. */
  void stop(ProxyError error) {
    boolean waits;
    synchronized (this) {
      waits = waits(first) || waits(second);
    }
    if (waits) exchange.fail(error);
  }

  private static boolean waits(@Nullable Ticket ticket) {
    return ticket != null && ticket.state() == State.WAITING;
  }

  /** The exchange is over: others may have its places. */
  void over() {
    Ticket one;
    Ticket two;
    synchronized (this) {
      over = true;
      one = first;
      two = second;
    }
    if (one != null) one.leave();
    if (two != null) two.leave();
  }
}
