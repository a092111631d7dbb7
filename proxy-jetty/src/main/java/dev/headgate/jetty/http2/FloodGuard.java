package dev.headgate.jetty.http2;

import java.util.function.LongSupplier;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.util.NanoTime;

/**
 * Ends connections whose peer makes more work than sense: resets of streams as fast as they are
 * opened (CVE-2023-44487), pings, settings, priorities, empty frames, fragments of heads (RFC 9113
 * section 10.5). A bucket of tokens: a burst is no flood; and what is sent to the peer gives it
 * leave for one event, as some answer every request with a reset (RFC 9113 section 8.1), others
 * data with a ping that measures the way. Thread-safe.
 */
public final class FloodGuard implements RateControl {
  private static final int COST = 10;
  private static final int LOW_COST = 1;

  private final long most;
  private final long nanosPerToken;
  private final LongSupplier clock;

  // Guarded by this.
  private long tokens;
  private long last;

  /**
   * Makes a guard.
   *
   * @param burst how many events may come at once
   * @param perSecond how many may come in the long run
   */
  public FloodGuard(int burst, int perSecond) {
    this(burst, perSecond, NanoTime::now);
  }

  FloodGuard(int burst, int perSecond, LongSupplier clock) {
    this.clock = clock;
    this.last = clock.getAsLong();
    this.most = (long) burst * COST;
    this.tokens = most;
    this.nanosPerToken = 1_000_000_000L / ((long) perSecond * COST);
  }

  /**
   * Gives leave for what answers heads and pieces of bodies that are sent to the peer.
   *
   * @param frames how many
   */
  public synchronized void sent(int frames) {
    tokens = Math.min(most, tokens + (long) frames * COST);
  }

  @Override
  public boolean onEvent(Object event) {
    if (event instanceof OwnReset) return true;
    int cost = cost(event);
    synchronized (this) {
      if (tokens < cost) refill();
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    }
  }

  /** What was under way to a stream when it ended is no fault of the peer's. */
  private static int cost(Object event) {
    boolean late =
        event instanceof WindowUpdateFrame
            || (event instanceof DataFrame data && data.remaining() > 0);
    return late ? LOW_COST : COST;
  }

  private void refill() {
    long now = clock.getAsLong();
    long gained = NanoTime.elapsed(last, now) / nanosPerToken;
    if (gained <= 0) return;
    tokens = Math.min(most, tokens + gained);
    last = now;
  }
}
