package dev.headgate.plugins.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Where the events of one proxy go: to its logger, and to a file where there is one. Thread-safe.
 */
final class EventLog {
  private final Logger logger;
  private final BackgroundWriter toLogger;
  private final @Nullable BackgroundWriter toFile;

  EventLog(Logger logger, BackgroundWriter toLogger, @Nullable BackgroundWriter toFile) {
    this.logger = logger;
    this.toLogger = toLogger;
    this.toFile = toFile;
  }

  /**
   * Returns whether anybody wants events of a level; when not, nothing needs to be put together.
   */
  boolean wants(Level level) {
    return toFile != null || logger.isEnabledForLevel(level);
  }

  /** Takes an event; never waits. */
  void add(LogEvent event) {
    if (toFile != null) toFile.offer(event);
    if (logger.isEnabledForLevel(event.level())) toLogger.offer(event);
  }

  /**
   * Waits until everything is written.
   *
   * @throws InterruptedException if interrupted; what is not written yet is given up then
   */
  void close() throws InterruptedException {
    toLogger.beginClose();
    if (toFile != null) toFile.beginClose();
    try {
      if (toFile != null) toFile.awaitClosed();
      toLogger.awaitClosed();
    } catch (InterruptedException e) {
      if (toFile != null) toFile.giveUp();
      toLogger.giveUp();
      throw e;
    }
  }
}
