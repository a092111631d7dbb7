package dev.headgate.plugins.metrics;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;

/**
 * Logs that a disk can't be written to: once when it begins, once when it ends. Not thread-safe.
 */
final class DiskTrouble {
  private final Path directory;
  private final Logger logger;
  private boolean ongoing;

  DiskTrouble(Path directory, Logger logger) {
    this.directory = directory;
    this.logger = logger;
  }

  void failed(IOException cause) {
    if (ongoing) return;
    ongoing = true;
    logger
        .atWarn()
        .addKeyValue("directory", directory)
        .setCause(cause)
        .log("metrics: files can't be written; deltas are kept in memory until that works again");
  }

  /** Returns whether a failure has been logged that is not over. */
  boolean ongoing() {
    return ongoing;
  }

  void succeeded() {
    if (!ongoing) return;
    ongoing = false;
    logger.atInfo().addKeyValue("directory", directory).log("metrics: files are written again");
  }
}
