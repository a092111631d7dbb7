package dev.headgate.plugins.metrics;

import dev.headgate.plugins.metrics.Delta.ExchangeFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deltas that wait to be written. Bounded without losing any: once {@link #CAPACITY} wait, further
 * ones are added up in a single merged delta, which keeps the numbers and gives up the details. Not
 * thread-safe.
 */
final class DeltaBuffer {
  /** How many deltas wait with all their details. */
  static final int CAPACITY = 1024;

  private final String run = UUID.randomUUID().toString();
  private long next;
  private List<Delta> deltas = new ArrayList<>();
  private Aggregate overflow = new Aggregate();

  void add(Instant at, @Nullable ExchangeFacts exchange, Totals totals) {
    if (deltas.size() < CAPACITY) {
      deltas.add(new Delta(nextId(), at, 1, exchange, totals));
    } else {
      overflow.add(at, 1, totals);
    }
  }

  /** Empties the buffer, oldest delta first. */
  List<Delta> take() {
    List<Delta> taken = deltas;
    if (!overflow.isEmpty()) {
      taken.add(new Delta(nextId(), overflow.last(), overflow.deltas(), null, overflow.totals()));
      overflow = new Aggregate();
    }
    deltas = new ArrayList<>();
    return taken;
  }

  private String nextId() {
    return run + "-" + next++;
  }
}
