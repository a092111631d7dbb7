package dev.headgate.examples.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tagged regions of the example's sources: what stands between {@code // tag::name[]} and
 * {@code // end::name[]}, without the indentation that all of its lines have.
 */
final class Regions {
  private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::([a-z0-9-]+)\\[]");

  private Regions() {}

  /** Reads all regions below a directory, by name. */
  static Map<String, String> read(Path sources) throws IOException {
    Map<String, String> regions = new TreeMap<>();
    for (Path file : javaFiles(sources)) {
      Map<String, List<String>> open = new HashMap<>();
      for (String line : Files.readAllLines(file)) {
        Matcher tag = TAG.matcher(line);
        if (!tag.matches()) {
          open.values().forEach(lines -> lines.add(line));
        } else if (tag.group(1).equals("tag")) {
          if (regions.containsKey(tag.group(2)) || open.containsKey(tag.group(2))) {
            throw new IllegalStateException(
                "region '" + tag.group(2) + "' must be there once, but is again in " + file);
          }
          open.put(tag.group(2), new ArrayList<>());
        } else {
          List<String> lines = open.remove(tag.group(2));
          if (lines == null) {
            throw new IllegalStateException("region '" + tag.group(2) + "' has no begin: " + file);
          }
          regions.put(tag.group(2), text(lines));
        }
      }
      if (!open.isEmpty()) {
        throw new IllegalStateException("regions " + open.keySet() + " have no end: " + file);
      }
    }
    return regions;
  }

  private static List<Path> javaFiles(Path sources) throws IOException {
    try (Stream<Path> found = Files.walk(sources)) {
      return found.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String text(List<String> lines) {
    int indentation =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return lines.stream()
        .map(line -> line.isBlank() ? "" : line.substring(indentation))
        .collect(Collectors.joining("\n"))
        .strip();
  }
}
