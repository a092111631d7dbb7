package dev.headgate.plugins.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A real logger, of a context of its own, that keeps what was logged. Thread-safe. */
public final class LogRecorder {
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private volatile Consumer<ILoggingEvent> onAppend = event -> {};

  public LogRecorder(Level level) {
    LoggerContext context = new LoggerContext();
    logger = context.getLogger("dev.headgate.plugin.test");
    logger.setLevel(level);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            onAppend.accept(event);
            events.add(event);
          }
        };
    appender.setContext(context);
    appender.start();
    logger.addAppender(appender);
  }

  public Logger logger() {
    return logger;
  }

  /** Calls a function with each event before it is kept; it may block. */
  public LogRecorder onAppend(Consumer<ILoggingEvent> action) {
    onAppend = action;
    return this;
  }

  public List<ILoggingEvent> events() {
    return events;
  }

  public List<String> messages() {
    return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Returns the key-value pairs of an event, in order. */
  public Map<String, Object> facts(int index) {
    Map<String, Object> facts = new LinkedHashMap<>();
    events.get(index).getKeyValuePairs().forEach(pair -> facts.put(pair.key, pair.value));
    return facts;
  }
}
