package dev.headgate.benchmarks.compare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Programs that this machine has, or has not. */
final class Tools {
  // Daemons are there too, whoever's PATH does not name it.
  private static final String DAEMONS = ":/usr/local/sbin:/usr/sbin";

  private Tools() {}

  static Optional<Path> find(String program) {
    for (String directory : (System.getenv("PATH") + DAEMONS).split(File.pathSeparator, -1)) {
      Path file = Path.of(directory, program);
      if (Files.isExecutable(file)) return Optional.of(file);
    }
    return Optional.empty();
  }

  static Path get(String program) {
    return find(program)
        .orElseThrow(() -> new IllegalStateException(program + " is not installed"));
  }

  /** Says how to install a program; empty if it is there. */
  static Optional<String> missing(String program, String debianPackage) {
    if (find(program).isPresent()) return Optional.empty();
    return Optional.of("not installed; on Debian: apt-get install " + debianPackage);
  }
}
