package dev.headgate.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.examples.guide.Page.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps the documentation true: each block of Java in it is a region of sources that are compiled
 * and tested, each link leads somewhere, and {@code docs/flow.md} has the steps that the code
 * cites.
 *
 * <p>With {@code -Ddocs.update=true} the blocks are rewritten from the sources instead.
 */
class DocsTest {
  private static final Path MODULE =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().normalize();
  private static final Path ROOT = MODULE.getParent();
  private static final Path CORE = ROOT.resolve("proxy-core/src/main/java");
  private static final int STEPS = 12;

  private static Map<String, String> regions;
  private static List<Page> pages;

  @BeforeAll
  static void read() throws IOException {
    regions = Regions.read(MODULE.resolve("src"));
    pages = readPages();
    if (Boolean.getBoolean("docs.update")) {
      for (Page page : pages) page.update(regions);
      pages = readPages();
    }
  }

  private static List<Page> readPages() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).forEach(files::add);
    }
    List<Page> found = new ArrayList<>();
    for (Path file : files) found.add(new Page(file));
    return found;
  }

  @Test
  void showsCodeThatIsCompiled() {
    for (Page page : pages) {
      for (Block block : page.blocks()) {
        assertTrue(
            regions.containsKey(block.region()),
            () ->
                page
                    + ": '```java' must be followed by a region, one of "
                    + regions.keySet()
                    + ", but there is '"
                    + block.region()
                    + "' on\n"
                    + block.text());
        assertEquals(
            regions.get(block.region()),
            block.text(),
            () -> page + " shows region '" + block.region() + "' as it is no more");
      }
    }
  }

  @Test
  void showsEachRegion() {
    Set<String> unused = new TreeSet<>(regions.keySet());
    for (Page page : pages) page.blocks().forEach(block -> unused.remove(block.region()));
    assertEquals(Set.of(), unused);
  }

  @Test
  void linksToFilesThatAreThere() {
    for (Page page : pages) assertEquals(List.of(), page.deadLinks(), page::toString);
  }

  @Test
  void describesTheStepsThatTheCodeCites() throws IOException {
    Page flow = new Page(ROOT.resolve("docs/flow.md"));
    Set<Integer> described = new HashSet<>();
    Matcher heading = Pattern.compile("(?m)^### (\\d+)\\. ").matcher(flow.text());
    while (heading.find()) described.add(Integer.valueOf(heading.group(1)));
    assertEquals(
        IntStream.rangeClosed(1, STEPS).boxed().toList(), described.stream().sorted().toList());

    Set<Integer> cited = new HashSet<>();
    Pattern citation = Pattern.compile("\\bSteps? (\\d+)(?: (?:to|and) (\\d+))?");
    try (Stream<Path> sources = Files.list(CORE.resolve("dev/headgate/core/exchange"))) {
      for (Path source : sources.toList()) {
        Matcher step = citation.matcher(Files.readString(source));
        while (step.find()) {
          int first = Integer.parseInt(step.group(1));
          int last = step.group(2) == null ? first : Integer.parseInt(step.group(2));
          IntStream.rangeClosed(first, last).forEach(cited::add);
        }
      }
    }
    assertEquals(described, cited);
  }

  @Test
  void namesClassesThatAreThere() throws IOException {
    Set<String> classes = new HashSet<>();
    try (Stream<Path> sources = Files.walk(CORE)) {
      sources.forEach(file -> classes.add(file.getFileName().toString().replace(".java", "")));
    }
    Page flow = new Page(ROOT.resolve("docs/flow.md"));
    Matcher carriers = Pattern.compile("(?m)^\\*Carried out by\\* (.*)$").matcher(flow.text());
    int steps = 0;
    while (carriers.find()) {
      steps++;
      Matcher name = Pattern.compile("`([A-Z]\\w+)[`.]").matcher(carriers.group(1));
      boolean any = false;
      while (name.find()) {
        any = true;
        String found = name.group(1);
        assertTrue(classes.contains(found), () -> "no class " + found + " in " + CORE);
      }
      assertTrue(any, carriers::group);
    }
    assertEquals(STEPS, steps);
  }
}
