package dev.headgate.plugins.metrics;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all who use one session's files out of each other's way: proxies of this process and other
 * processes. Two locks, both given up by the operating system when a process dies: one for touching
 * the files, held for moments, and one for syncing, held from the choice of a batch until its end.
 *
 * <p>One object per proxy. The lock file, and the directory above it, are made when first needed,
 * so that they may be out of reach for a while. To be used by one thread at a time.
 */
final class SessionLock {
  private final SessionFiles files;
  private @Nullable ProcessLock lock;

  SessionLock(SessionFiles files) {
    this.files = files;
  }

  /** Does something while nobody else touches the files; waits for those who do. */
  <T> T exclusively(Action<T> action) throws IOException {
    return lock().exclusively(action);
  }

  /** Takes the lock for syncing if it is free. */
  Optional<Permit> trySync() throws IOException {
    return lock().trySync();
  }

  /** Ends the use. */
  void close() throws IOException {
    ProcessLock held = lock;
    lock = null;
    if (held != null) held.release();
  }

  private ProcessLock lock() throws IOException {
    ProcessLock held = lock;
    if (held == null) {
      held = ProcessLock.acquire(files);
      lock = held;
    }
    return held;
  }

  /** Something to do with the files. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** The right to sync. */
  @FunctionalInterface
  interface Permit {
    /** Gives the right back; to be called once. */
    void release() throws IOException;
  }
}
