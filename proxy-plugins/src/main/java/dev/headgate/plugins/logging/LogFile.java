package dev.headgate.plugins.logging;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where and how long the logging plugin keeps files of its own.
 *
 * <p>The files are named {@code debug-YYYY-MM-DD.log}, by the day in the zone of the proxy's clock;
 * when one is full, the next of that day is {@code debug-YYYY-MM-DD.1.log}, then {@code .2} and so
 * on. Files are appended to and never renamed, whole lines at a time, so that several proxies and
 * processes can share a directory. Whenever a file is opened, those that are over {@code maxFiles}
 * or {@code maxDays} are deleted, the oldest first; other names in the directory are never touched.
 * Where the file system knows owners, files and directory are made for the owner's eyes only.
 *
 * @param directory the directory; made when it is not there
 * @param maxBytes how large a file may grow, in bytes, 1 or more; a single longer line still goes
 *     in whole
 * @param maxFiles how many files are kept, 1 or more, the one being written included
 * @param maxDays of how many days files are kept, 1 or more, today included
 */
public record LogFile(Path directory, long maxBytes, int maxFiles, int maxDays) {
  /** How large a file may grow unless told otherwise: 50 MiB. */
  public static final long DEFAULT_MAX_BYTES = 50L << 20;

  /** How many files are kept unless told otherwise: {@value}. */
  public static final int DEFAULT_MAX_FILES = 10;

  /** Of how many days files are kept unless told otherwise: {@value}. */
  public static final int DEFAULT_MAX_DAYS = 7;

  /**
   * Checks everything at once.
   *
   * @param directory the directory; made when it is not there
   * @param maxBytes how large a file may grow, in bytes, 1 or more
   * @param maxFiles how many files are kept, 1 or more
   * @param maxDays of how many days files are kept, 1 or more
   * @throws IllegalArgumentException naming each offending value and what was expected
   */
  public LogFile {
    Objects.requireNonNull(directory, "directory");
    List<String> mistakes = new ArrayList<>();
    requireOne("maxBytes", maxBytes, mistakes);
    requireOne("maxFiles", maxFiles, mistakes);
    requireOne("maxDays", maxDays, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid log file: " + String.join("; ", mistakes));
    }
  }

  private static void requireOne(String what, long value, List<String> mistakes) {
    if (value < 1) mistakes.add(what + " must be 1 or more, but was " + value);
  }

  /**
   * Keeps files in a directory, within the default limits.
   *
   * @param directory the directory; made when it is not there
   * @return the settings
   */
  public static LogFile in(Path directory) {
    return new LogFile(directory, DEFAULT_MAX_BYTES, DEFAULT_MAX_FILES, DEFAULT_MAX_DAYS);
  }

  /**
   * Changes how large a file may grow.
   *
   * @param bytes 1 or more
   * @return the changed settings
   */
  public LogFile withMaxBytes(long bytes) {
    return new LogFile(directory, bytes, maxFiles, maxDays);
  }

  /**
   * Changes how many files are kept.
   *
   * @param files 1 or more
   * @return the changed settings
   */
  public LogFile withMaxFiles(int files) {
    return new LogFile(directory, maxBytes, files, maxDays);
  }

  /**
   * Changes of how many days files are kept.
   *
   * @param days 1 or more
   * @return the changed settings
   */
  public LogFile withMaxDays(int days) {
    return new LogFile(directory, maxBytes, maxFiles, days);
  }
}
