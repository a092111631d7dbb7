package dev.headgate.plugins.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A logger that keeps what it is told, and lets a test wait for it. */
final class LogCapture extends AppenderBase<ILoggingEvent> {
  private final List<ILoggingEvent> events = new ArrayList<>();
  private final Logger logger;

  LogCapture() {
    LoggerContext context = new LoggerContext();
    logger = context.getLogger("dev.headgate.plugin.metrics-sync");
    logger.setLevel(Level.TRACE);
    logger.addAppender(this);
    setContext(context);
    start();
  }

  org.slf4j.Logger logger() {
    return logger;
  }

  @Override
  protected void append(ILoggingEvent event) {
    synchronized (events) {
      events.add(event);
      events.notifyAll();
    }
  }

  /** Returns how often a message with this part was logged. */
  int count(String part) {
    synchronized (events) {
      return (int) events.stream().filter(e -> e.getFormattedMessage().contains(part)).count();
    }
  }

  /** Returns how many events there were at this level or above. */
  int atLeast(Level level) {
    synchronized (events) {
      return (int) events.stream().filter(e -> e.getLevel().isGreaterOrEqual(level)).count();
    }
  }

  /** Waits until a message with this part has been logged so often. */
  void await(String part, int times) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    synchronized (events) {
      while (count(part) < times) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("'" + part + "' was logged " + count(part) + " times:\n" + this);
        }
        events.wait(left);
      }
    }
  }

  /** Renders everything that an appender could show. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    synchronized (events) {
      for (ILoggingEvent event : events) {
        text.append(event.getLevel()).append(' ').append(event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) text.append(' ').append(event.getKeyValuePairs());
        text.append('\n');
        if (event.getThrowableProxy() != null) {
          text.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
        }
      }
    }
    return text.toString();
  }
}
