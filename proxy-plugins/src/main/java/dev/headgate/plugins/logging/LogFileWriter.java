package dev.headgate.plugins.logging;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * Writes events to files. When that fails (the disk is full, the directory can't be written), it
 * says so once through a logger, counts the lines that are lost, tries again every ten seconds, and
 * begins with that count when it can write again.
 */
final class LogFileWriter implements EventWriter {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final LogFile settings;
  private final RollingFile file;
  private final LineFormat format;
  private final Clock clock;
  private final Logger logger;
  private boolean failing;
  private long failedAt;
  private long lost;

  LogFileWriter(LogFile settings, LogDirectory directory, Clock clock, Logger logger) {
    this.settings = settings;
    this.file = new RollingFile(directory, settings.maxBytes());
    this.format = new LineFormat(clock.getZone());
    this.clock = clock;
    this.logger = logger;
  }

  @Override
  public void write(LogEvent event) {
    append(event.timeMillis(), format.format(event), 1);
  }

  @Override
  public void dropped(long lines) {
    long now = clock.millis();
    append(now, format.note(now, lines + " lines were dropped: the queue was full"), lines);
  }

  @Override
  public void flush() {
    if (failing) return;
    try {
      file.flush();
    } catch (IOException e) {
      failed(e, 0);
    }
  }

  @Override
  public void close() {
    flush();
    file.discard();
  }

  private void append(long timeMillis, String text, long linesLostOtherwise) {
    if (failing && !retryIsDue()) {
      lost += linesLostOtherwise;
      return;
    }
    try {
      if (failing) recover();
      file.append(format.day(timeMillis), text);
    } catch (IOException | RuntimeException e) {
      failed(e, linesLostOtherwise);
    }
  }

  private boolean retryIsDue() {
    long waited = clock.millis() - failedAt;
    return waited < 0 || waited >= RETRY_AFTER.toMillis();
  }

  /** Begins on a new line, for the last one may have been cut off. */
  private void recover() throws IOException {
    long now = clock.millis();
    String note = format.note(now, lost + " lines were lost: the log could not be written");
    try {
      file.append(format.day(now), "\n" + note);
      file.flush();
    } catch (IOException e) {
      file.discard();
      throw e;
    }
    failing = false;
    lost = 0;
  }

  private void failed(Exception failure, long lines) {
    lost += lines + file.discard();
    failedAt = clock.millis();
    if (failing) return;
    failing = true;
    logger.warn(
        "log file in {} can't be written, which affects no exchange; next try in {} s",
        settings.directory(),
        RETRY_AFTER.toSeconds(),
        failure);
  }
}
