package dev.headgate.plugins.logging;

import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes events to a logger, facts as key-value pairs. */
final class Slf4jWriter implements EventWriter {
  private final Logger logger;

  Slf4jWriter(Logger logger) {
    this.logger = logger;
  }

  @Override
  public void write(LogEvent event) {
    LoggingEventBuilder builder = logger.atLevel(event.level());
    for (LogEvent.Fact fact : event.facts()) {
      builder = builder.addKeyValue(fact.key(), fact.value());
    }
    if (event.cause() != null) builder = builder.setCause(event.cause());
    builder.log(event.message());
  }

  @Override
  public void dropped(long lines) {
    logger
        .atLevel(Level.WARN)
        .addKeyValue("event", "dropped")
        .addKeyValue("lines", lines)
        .log(lines + " lines were dropped: the log was slower than the traffic");
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
