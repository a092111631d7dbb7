package dev.headgate.jetty.io;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The deadlines of many connections, on one timer. A connection whose deadline has passed is told
 * on a thread of the engine. Thread-safe.
 *
 * @param <C> the connections
 */
public final class Deadlines<C extends Deadlines.Bound> extends CyclicTimeouts<C> {
  /** A connection that has a deadline, or {@link Expiry#NEVER}. */
  public interface Bound extends CyclicTimeouts.Expirable {
    /** Its deadline has passed, or was put off meanwhile. */
    void expired();
  }

  private final Collection<C> connections;
  private final Executor executor;

  /**
   * Makes one.
   *
   * @param scheduler the timer
   * @param connections all of them, at any time; to be read on any thread
   * @param executor where they are told
   */
  public Deadlines(Scheduler scheduler, Collection<C> connections, Executor executor) {
    super(scheduler);
    this.connections = connections;
    this.executor = executor;
  }

  @Override
  protected Iterator<C> iterator() {
    return connections.iterator();
  }

  @Override
  protected boolean onExpired(C connection) {
    executor.execute(connection::expired);
    return false;
  }
}
