package dev.headgate.plugins.logging;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** The directory of the log files: finds, opens and deletes them. */
class LogDirectory {
  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final LogFile settings;

  LogDirectory(LogFile settings) {
    this.settings = settings;
  }

  /** Returns the newest file of a day; the day's first when there is none yet. */
  LogFileName newest(LocalDate day) throws IOException {
    Files.createDirectories(settings.directory(), ownerOnly("rwx------"));
    return files().stream()
        .filter(name -> name.day().equals(day))
        .max(Comparable::compareTo)
        .orElse(new LogFileName(day, 0));
  }

  SeekableByteChannel open(LogFileName name) throws IOException {
    return Files.newByteChannel(path(name), APPEND, ownerOnly("rw-------"));
  }

  /** Deletes what is over the limits. What can't be deleted stays for the next time. */
  void deleteOld(LogFileName current) {
    try {
      List<LogFileName> files = files();
      files.remove(current);
      files.sort(Collections.reverseOrder());
      LocalDate oldest = current.day().minusDays(settings.maxDays() - 1L);
      for (int i = 0; i < files.size(); i++) {
        LogFileName name = files.get(i);
        boolean tooMany = i + 1 >= settings.maxFiles();
        if (tooMany || name.day().isBefore(oldest)) Files.deleteIfExists(path(name));
      }
    } catch (IOException e) {
      // Housekeeping: too many files are no reason to write none.
    }
  }

  private List<LogFileName> files() throws IOException {
    List<LogFileName> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(settings.directory())) {
      for (Path entry : entries) {
        LogFileName name = LogFileName.parse(String.valueOf(entry.getFileName()));
        if (name != null) names.add(name);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private Path path(LogFileName name) {
    return settings.directory().resolve(name.text());
  }

  private FileAttribute<?>[] ownerOnly(String permissions) {
    boolean posix =
        settings.directory().getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
