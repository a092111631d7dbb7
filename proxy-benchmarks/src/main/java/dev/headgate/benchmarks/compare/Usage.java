package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and its descendants use, as Linux counts it in {@code /proc}.
 *
 * @param cpuMicros time on a processor since its start, user and system
 * @param residentKib memory
 * @param threads threads
 */
record Usage(double cpuMicros, long residentKib, long threads) {
  // USER_HZ, the unit of /proc: 100 on every Linux that a JVM runs on.
  private static final double MICROS_PER_TICK = 10_000;
  private static final int UTIME = 11;
  private static final int STIME = 12;

  static Usage of(ProcessHandle process) {
    double cpu = 0;
    long resident = 0;
    long threads = 0;
    for (long pid : family(process)) {
      // The second field is a name in brackets, which may hold blanks.
      String stat = read(pid, "stat");
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      cpu += Double.parseDouble(fields[UTIME]) + Double.parseDouble(fields[STIME]);
      for (String line : read(pid, "status").split("\n", -1)) {
        if (line.startsWith("VmRSS:")) resident += number(line);
        if (line.startsWith("Threads:")) threads += number(line);
      }
    }
    return new Usage(cpu * MICROS_PER_TICK, resident, threads);
  }

  /** Counts the open sockets. */
  static int sockets(ProcessHandle process) {
    int count = 0;
    for (long pid : family(process)) {
      try (DirectoryStream<Path> open = Files.newDirectoryStream(of(pid, "fd"))) {
        for (Path file : open) {
          if (isSocket(file)) count++;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return count;
  }

  private static boolean isSocket(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (NoSuchFileException e) {
      return false; // closed since it was listed
    }
  }

  private static List<Long> family(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  private static Path of(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(of(pid, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
