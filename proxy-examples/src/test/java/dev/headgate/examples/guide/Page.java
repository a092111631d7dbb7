package dev.headgate.examples.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, in Markdown. */
final class Page {
  private static final Pattern CODE =
      Pattern.compile("^```java ?([a-z0-9-]*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");

  /** A block of Java: the name of the region that it shows, and its text. */
  record Block(String region, String text) {}

  private final Path file;
  private final String text;

  Page(Path file) throws IOException {
    this.file = file;
    this.text = Files.readString(file);
  }

  String text() {
    return text;
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Matcher code = CODE.matcher(text);
    while (code.find()) blocks.add(new Block(code.group(1), code.group(2).strip()));
    return blocks;
  }

  /** Returns the links to files that are not there. */
  List<String> deadLinks() {
    List<String> dead = new ArrayList<>();
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      String target = link.group(1);
      if (target.contains("://") || target.startsWith("mailto:")) continue;
      if (!Files.exists(file.resolveSibling(target))) dead.add(target);
    }
    return dead;
  }

  /** Puts the regions into their blocks. */
  void update(Map<String, String> regions) throws IOException {
    Matcher code = CODE.matcher(text);
    String updated =
        code.replaceAll(
            block -> {
              String region = regions.getOrDefault(block.group(1), block.group(2).strip());
              return Matcher.quoteReplacement(
                  "```java " + block.group(1) + "\n" + region + "\n```");
            });
    Files.writeString(file, updated);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
