package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The norms as bars, shortest first: one group for each case that has norms. Readable on a light
 * and on a dark page.
 */
final class Chart {
  private static final int WIDTH = 720;
  private static final int NAMES = 110;
  private static final int BARS = 520;
  private static final int ROW = 24;
  private static final int GAP = 44;
  private static final int FOOT = 40;

  private static final String STYLE =
      """
      text { font: 13px sans-serif; fill: #24292f }
      .title { font-weight: bold }
      .foot { font-size: 11px; fill: #6e7781 }
      rect { fill: #8c959f }
      rect.own { fill: #1a7f37 }
      @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .foot { fill: #9198a1 } }
      """;

  private final StringBuilder svg = new StringBuilder();
  private int y;

  private Chart() {}

  static void write(
      Path file, Machine machine, Results results, List<String> peers, List<Case> cases)
      throws IOException {
    Files.writeString(file, new Chart().draw(machine, results, peers, cases));
  }

  private String draw(Machine machine, Results results, List<String> peers, List<Case> cases) {
    for (Case load : cases) {
      List<String> measured =
          peers.stream()
              .filter(peer -> norm(results, load, peer) > 0)
              .sorted((a, b) -> Double.compare(norm(results, load, a), norm(results, load, b)))
              .toList();
      if (!measured.isEmpty()) group(results, load, measured);
    }
    text(0, y + FOOT / 2, "foot", machine + ". Shorter is better.");
    y += FOOT;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
        <style>
        %s</style>
        %s</svg>
        """
        .formatted(WIDTH, y, WIDTH, y, STYLE, svg);
  }

  private void group(Results results, Case load, List<String> peers) {
    text(0, y + GAP / 2, "title", load.title() + ": CPU per request ÷ the upstream's own");
    y += GAP - 8;
    double most = norm(results, load, peers.get(peers.size() - 1));
    for (String peer : peers) {
      double norm = norm(results, load, peer);
      double width = norm / most * BARS;
      text(0, y + 15, "name", peer);
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
              peer.startsWith("headgate") ? "own" : "peer",
              NAMES,
              y + 3,
              width,
              ROW - 8));
      text(NAMES + (int) width + 6, y + 15, "norm", Table.number(norm, 2));
      y += ROW;
    }
  }

  private void text(int x, int baseline, String style, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n",
            style,
            x,
            baseline,
            text.replace("&", "&amp;").replace("<", "&lt;")));
  }

  private static double norm(Results results, Case load, String peer) {
    double norm = results.median(load.name(), peer, Figure.NORM);
    return Double.isNaN(norm) ? 0 : norm;
  }
}
