package dev.headgate.core.overload;

import dev.headgate.core.config.Admission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Lets so many in at a time and has others wait, first in, first out. Thread-safe; never blocks.
 */
public final class AdmissionQueue {
  private final Admission limits;
  private final Executor executor;

  // Guarded by this.
  private final Deque<Ticket> waiting = new ArrayDeque<>();
  private int running;

  /**
   * Makes an empty queue.
   *
   * @param limits how many run and how many wait
   * @param executor where those that waited go on
   */
  public AdmissionQueue(Admission limits, Executor executor) {
    this.limits = limits;
    this.executor = executor;
  }

  /**
   * Returns the limits.
   *
   * @return how many run and how many wait
   */
  public Admission limits() {
    return limits;
  }

  /** A place in the queue or behind it. Thread-safe. */
  public final class Ticket {
    private final Runnable admitted;
    private final State atFirst;
    private volatile State state;

    private Ticket(Runnable admitted, State atFirst) {
      this.admitted = admitted;
      this.atFirst = atFirst;
      this.state = atFirst;
    }

    /**
     * Returns what came of asking. It decides who goes on: the asker if it was admitted, what it
     * gave to be run if it had to wait.
     *
     * @return admitted, waiting or refused, whatever has become of it since
     */
    public State atFirst() {
      return atFirst;
    }

    /**
     * Returns where its holder stands now.
     *
     * @return the state
     */
    public State state() {
      return state;
    }

    /** Gives the place up, so that the next one gets in. Idempotent. */
    public void leave() {
      left(this);
    }
  }

  /** Where the holder of a ticket stands. */
  public enum State {
    /** It has to wait, and is told when it is its turn. */
    WAITING,
    /** It is in. */
    ADMITTED,
    /** The queue was full. */
    REFUSED,
    /** It has gone. */
    LEFT
  }

  /**
   * Asks to get in.
   *
   * @param admitted run once if it has to wait and gets its turn; may find that its ticket was
   *     given up meanwhile
   * @return a ticket that says whether it got in, waits, or was refused
   */
  public synchronized Ticket enter(Runnable admitted) {
    if (running < limits.maxExchanges()) {
      running++;
      return new Ticket(admitted, State.ADMITTED);
    }
    if (waiting.size() >= limits.maxQueued()) return new Ticket(admitted, State.REFUSED);
    Ticket ticket = new Ticket(admitted, State.WAITING);
    waiting.add(ticket);
    return ticket;
  }

  private void left(Ticket ticket) {
    Ticket next = null;
    synchronized (this) {
      State before = ticket.state;
      ticket.state = State.LEFT;
      if (before == State.WAITING) {
        waiting.remove(ticket);
      } else if (before == State.ADMITTED) {
        next = waiting.poll();
        if (next == null) {
          running--;
        } else {
          next.state = State.ADMITTED;
        }
      }
    }
    // On a thread of its own, so that a long queue of short exchanges does not become a deep stack.
    if (next != null) executor.execute(next.admitted);
  }
}
