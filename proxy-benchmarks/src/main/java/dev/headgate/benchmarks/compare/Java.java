package dev.headgate.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start a program of this module in a JVM of its own. */
final class Java {
  private Java() {}

  static List<String> command(String classPath, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // All alike, so that no peer has more memory to waste than another.
    command.add("-Xmx1g");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-cp");
    command.add(classPath);
    command.add(program);
    command.addAll(List.of(arguments));
    return command;
  }
}
