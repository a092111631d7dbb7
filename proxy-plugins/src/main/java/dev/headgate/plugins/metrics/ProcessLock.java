package dev.headgate.plugins.metrics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one session's files, as this process holds them against itself and against others.
 *
 * <p>One object per lock file in the whole process, on purpose: a process loses all its POSIX locks
 * on a file as soon as it closes any descriptor of that file, so there must be only one. Between
 * threads of this process plain Java locks decide. Thread-safe.
 */
final class ProcessLock {
  private static final Map<Path, ProcessLock> OPEN = new HashMap<>();
  private static final long FILES = 0;
  private static final long SYNC = 1;

  private final Path file;
  private final ReentrantLock files = new ReentrantLock();
  private int users;
  private @Nullable FileChannel channel;
  private boolean syncing;

  private ProcessLock(Path file) {
    this.file = file;
  }

  /**
   * Returns the lock of a session's files, to be given back with {@link #release()}; creates the
   * directory.
   */
  static ProcessLock acquire(SessionFiles files) throws IOException {
    DurableFiles.createDirectories(files.directory());
    Path file = files.directory().toRealPath().resolve(files.lock().getFileName());
    synchronized (OPEN) {
      ProcessLock lock = OPEN.computeIfAbsent(file, ProcessLock::new);
      lock.users++;
      return lock;
    }
  }

  /** Ends the use by one of those who acquired it; the last one closes the lock file. */
  void release() throws IOException {
    synchronized (OPEN) {
      if (--users > 0) return;
      OPEN.remove(file);
      synchronized (this) {
        if (channel != null) channel.close();
      }
    }
  }

  /** Does something while nobody else touches the files; waits for those who do. */
  <T> T exclusively(SessionLock.Action<T> action) throws IOException {
    files.lock();
    try {
      FileLock lock = channel().lock(FILES, 1, false);
      try {
        return action.run();
      } finally {
        if (lock.isValid()) lock.release(); // an interrupt closes the channel and so ends its locks
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("locked by another copy of this class in this process: " + file, e);
    } finally {
      files.unlock();
    }
  }

  /** Takes the lock for syncing if it is free. */
  synchronized Optional<SessionLock.Permit> trySync() throws IOException {
    if (syncing) return Optional.empty();
    FileLock lock;
    try {
      lock = channel().tryLock(SYNC, 1, false);
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // another copy of this class, in another class loader
    }
    if (lock == null) return Optional.empty();
    syncing = true;
    return Optional.of(
        () -> {
          synchronized (this) {
            syncing = false;
          }
          if (lock.isValid()) lock.release();
        });
  }

  private synchronized FileChannel channel() throws IOException {
    if (channel == null || !channel.isOpen()) { // an interrupt closes a channel
      channel = DurableFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    return channel;
  }
}
