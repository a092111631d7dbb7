package dev.headgate.plugins.logging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One thing that happened, ready to be written: every text in it is masked and safe for one line.
 * Immutable; bounded in size, whatever the exchange was like.
 *
 * @param timeMillis when, in milliseconds since the epoch, by the proxy's clock
 * @param level how loud
 * @param message a sentence for people
 * @param facts the same for programs, in order
 * @param cause an exception to show with its stack; null when there is none
 */
record LogEvent(
    long timeMillis, Level level, String message, List<Fact> facts, @Nullable Throwable cause) {

  /** A named value: a text, a number or a map of texts. */
  record Fact(String key, Object value) {}

  static Draft draft(long timeMillis, Level level) {
    return new Draft(timeMillis, level);
  }

  /** Collects an event; not thread-safe. */
  static final class Draft {
    private final long timeMillis;
    private final Level level;
    private final List<Fact> facts = new ArrayList<>(12);

    private Draft(long timeMillis, Level level) {
      this.timeMillis = timeMillis;
      this.level = level;
    }

    Draft with(String key, Object value) {
      facts.add(new Fact(key, value));
      return this;
    }

    LogEvent saying(String message) {
      return saying(message, null);
    }

    LogEvent saying(String message, @Nullable Throwable cause) {
      return new LogEvent(timeMillis, level, message, Collections.unmodifiableList(facts), cause);
    }
  }
}
