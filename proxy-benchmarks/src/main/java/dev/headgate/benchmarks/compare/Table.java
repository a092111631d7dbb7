package dev.headgate.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/** The results as text, in the form of Markdown tables: medians over the rounds. */
final class Table {
  private Table() {}

  static String of(Results results, List<String> peers, Case load) {
    List<Figure> columns = load.columns();
    StringBuilder text = new StringBuilder(load.name() + ": " + load.title());
    text.append("\n\n| |");
    for (Figure column : columns) text.append(' ').append(column.label()).append(" |");
    text.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    for (String peer : peers) {
      if (!results.has(load.name(), peer)) continue;
      text.append("| ").append(peer).append(" |");
      for (Figure column : columns) {
        double value = results.median(load.name(), peer, column);
        text.append(' ').append(number(value, column.digits())).append(" |");
      }
      text.append('\n');
    }
    results.notes().stream()
        .filter(note -> note.load().equals(load.name()))
        .forEach(note -> text.append("\n- ").append(note.peer()).append(": ").append(note.why()));
    return text.append('\n').toString();
  }

  static String number(double value, int digits) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
