package dev.headgate.plugins.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.event.Level;

/**
 * Renders an event as one line, {@code time level message key=value ...}; an exception follows on
 * lines that begin with a tab, as no event does. Immutable.
 */
final class LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

  private final ZoneId zone;

  LineFormat(ZoneId zone) {
    this.zone = zone;
  }

  /** Returns the day that a time belongs to. */
  LocalDate day(long timeMillis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(timeMillis), zone);
  }

  String format(LogEvent event) {
    StringBuilder out = head(event.timeMillis(), event.level(), event.message());
    for (LogEvent.Fact fact : event.facts()) {
      out.append(' ').append(fact.key()).append('=').append(value(fact.value()));
    }
    out.append('\n');
    if (event.cause() != null) appendStack(event.cause(), out);
    return out.toString();
  }

  /** Renders a line about the log itself. */
  String note(long timeMillis, String message) {
    return head(timeMillis, Level.WARN, message).append('\n').toString();
  }

  private StringBuilder head(long timeMillis, Level level, String message) {
    StringBuilder out = new StringBuilder(512);
    TIME.formatTo(Instant.ofEpochMilli(timeMillis).atZone(zone), out);
    return out.append(' ').append(level).append(' ').append(message);
  }

  private static String value(Object value) {
    if (!(value instanceof Map<?, ?> map)) return quotedIfNeeded(String.valueOf(value));
    StringJoiner out = new StringJoiner("; ");
    map.forEach((key, element) -> out.add(key + ": " + element));
    return quoted(out.toString());
  }

  private static String quotedIfNeeded(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (" \"=\\".indexOf(text.charAt(i)) >= 0) return quoted(text);
    }
    return text.isEmpty() ? "\"\"" : text;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void appendStack(Throwable cause, StringBuilder out) {
    StringWriter stack = new StringWriter();
    cause.printStackTrace(new PrintWriter(stack, true));
    stack
        .toString()
        .lines()
        .forEach(line -> out.append('\t').append(SafeText.escape(line.strip())).append('\n'));
  }
}
