package dev.headgate.plugins.logging;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a log file: a day, and the file's number within it, 0 for the first. Older is less.
 */
record LogFileName(LocalDate day, int number) implements Comparable<LogFileName> {
  private static final Pattern FORM =
      Pattern.compile("debug-(\\d{4}-\\d{2}-\\d{2})(?:\\.([1-9]\\d{0,8}))?\\.log");
  private static final Comparator<LogFileName> AGE =
      Comparator.comparing(LogFileName::day).thenComparingInt(LogFileName::number);

  /** Returns null for a name that isn't one of ours. */
  static @Nullable LogFileName parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) return null;
    String number = matcher.group(2);
    try {
      return new LogFileName(
          LocalDate.parse(matcher.group(1)), number == null ? 0 : Integer.parseInt(number));
    } catch (DateTimeException e) {
      return null;
    }
  }

  LogFileName next() {
    return new LogFileName(day, number + 1);
  }

  String text() {
    return "debug-" + day + (number == 0 ? "" : "." + number) + ".log";
  }

  @Override
  public int compareTo(LogFileName other) {
    return AGE.compare(this, other);
  }
}
