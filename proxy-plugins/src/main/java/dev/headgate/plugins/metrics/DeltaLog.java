package dev.headgate.plugins.metrics;

import dev.headgate.plugins.metrics.LogLine.Foreign;
import dev.headgate.plugins.metrics.LogLine.Pending;
import dev.headgate.plugins.metrics.LogLine.Sealed;
import dev.headgate.plugins.metrics.LogLine.Synced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A session's deltas on disk: the only truth about what has been counted and what the API has
 * taken.
 *
 * <p>Deltas are appended, each append being durable when it returns. Before anything is sent, a
 * batch line is appended: it puts the pending deltas above it into one batch and holds the
 * idempotency key and the exact bytes to send. After the API has taken them, one atomic rewrite
 * marks these deltas synced and drops the batch line. So after a crash there is either no batch
 * line, and nothing of the pending deltas has been sent, or there is one, and that batch is sent
 * again as it was, before any new one.
 *
 * <p>Each operation holds the session's lock and starts from the file as it is, so several proxies
 * and processes can share one log. To be used by one thread at a time.
 */
final class DeltaLog {
  /** How many synced deltas are kept for people to read; a rewrite drops the oldest beyond. */
  static final int SYNCED_KEPT = 1_000;

  private final SessionLock lock;
  private final LogFile file;
  private final Clock clock;
  private final Logger logger;
  private boolean foreignReported;

  DeltaLog(SessionLock lock, SessionFiles files, Clock clock, Logger logger) {
    this.lock = lock;
    this.file = new LogFile(files, logger);
    this.clock = clock;
    this.logger = logger;
  }

  /**
   * Appends deltas; they are on disk when this returns.
   *
   * @param deltas what to append
   * @param again whether this was tried before, so that some of them may be there already
   * @throws UncertainWriteException if it failed, and some of them may be in the file all the same
   * @throws IOException if it failed, and none of them was added to the file
   */
  void append(List<Delta> deltas, boolean again) throws IOException {
    lock.exclusively(
        () -> {
          Set<String> missing = deltas.stream().map(Delta::id).collect(Collectors.toSet());
          if (again) file.read(line -> missing.remove(id(LogCodec.read(line))));
          ByteArrayOutputStream lines = new ByteArrayOutputStream(deltas.size() * 320);
          for (Delta delta : deltas) {
            if (missing.contains(delta.id())) lines.writeBytes(LogCodec.pending(delta));
          }
          file.append(lines.toByteArray());
          return true;
        });
  }

  /**
   * Returns what is to be sent next: the oldest batch that was made and has not been taken yet,
   * else a new one of all pending deltas, durably made.
   *
   * @param renderer makes the body of a new batch
   * @return the batch; empty when nothing is pending
   */
  Optional<Next> next(Batch.Renderer renderer) throws IOException {
    return lock.exclusively(
        () -> {
          Scan scan = new Scan(null);
          file.read(scan);
          report(scan);
          if (scan.found != null) return Optional.of(new Next(scan.found, true));
          if (scan.sum.isEmpty()) return Optional.empty();
          String key = UUID.randomUUID().toString();
          Batch batch = new Batch(key, renderer.render(key, scan.sum), scan.sum.deltas());
          file.append(LogCodec.sealed(batch, clock.instant()));
          return Optional.of(new Next(batch, false));
        });
  }

  /** Marks the deltas of a batch as taken by the API; does nothing when that was done already. */
  void markSynced(Batch batch) throws IOException {
    lock.exclusively(
        () -> {
          Scan scan = new Scan(batch.key());
          file.read(scan);
          if (scan.found != null) {
            file.rewrite(new Marker(batch.key(), clock.instant(), scan.records - SYNCED_KEPT));
          }
          return true;
        });
  }

  /** Undoes a batch of which the API counted nothing: its deltas are pending as if never sent. */
  void dissolve(Batch batch) throws IOException {
    lock.exclusively(
        () -> {
          file.rewrite(
              (line, out) -> {
                boolean dropped =
                    LogCodec.read(line) instanceof Sealed sealed
                        && sealed.batch().key().equals(batch.key());
                if (!dropped) copy(line, out);
              });
          return true;
        });
  }

  private void report(Scan scan) {
    if (scan.foreign == 0 || foreignReported) return;
    foreignReported = true;
    logger
        .atWarn()
        .addKeyValue("lines", scan.foreign)
        .addKeyValue("reason", scan.reason)
        .log("metrics: the log has lines that are not understood; they are kept and not counted");
  }

  private static @Nullable String id(LogLine line) {
    if (line instanceof Pending pending) return pending.id();
    return line instanceof Synced synced ? synced.id() : null;
  }

  private static void copy(byte[] line, OutputStream out) throws IOException {
    out.write(line);
    out.write('\n');
  }

  /**
   * What to send next.
   *
   * @param batch the batch
   * @param before whether it was made before, so that it may have been sent before
   */
  record Next(Batch batch, boolean before) {}

  /** Sums up what stands above the first batch line, or above the one with a given key. */
  private static final class Scan implements LogFile.Reader {
    private final @Nullable String key;
    private final Aggregate sum = new Aggregate();
    private @Nullable Batch found;
    private long records;
    private int foreign;
    private String reason = "";

    Scan(@Nullable String key) {
      this.key = key;
    }

    @Override
    public void read(byte[] bytes) {
      if (found != null) return;
      LogLine line = LogCodec.read(bytes);
      if (line instanceof Sealed sealed) {
        if (key == null || key.equals(sealed.batch().key())) found = sealed.batch();
      } else if (line instanceof Pending pending) {
        records++;
        sum.add(pending.at(), pending.merged(), pending.totals());
      } else if (line instanceof Synced) {
        records++;
      } else if (line instanceof Foreign unknown) {
        foreign++;
        reason = unknown.reason();
      }
    }
  }

  /** Marks what stands above a batch line, drops that line, and drops the oldest records. */
  private static final class Marker implements LogFile.Editor {
    private final String key;
    private final Instant now;
    private long surplus;
    private boolean done;

    Marker(String key, Instant now, long surplus) {
      this.key = key;
      this.now = now;
      this.surplus = surplus;
    }

    @Override
    public void edit(byte[] bytes, OutputStream out) throws IOException {
      LogLine line = done ? new Foreign("not looked at") : LogCodec.read(bytes);
      if (line instanceof Sealed sealed && sealed.batch().key().equals(key)) {
        done = true;
      } else if ((line instanceof Pending || line instanceof Synced) && surplus > 0) {
        surplus--;
      } else if (line instanceof Pending) {
        out.write(LogCodec.synced(bytes, key, now));
      } else {
        copy(bytes, out);
      }
    }
  }
}
