package dev.headgate.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that was measured, and why something was not. */
final class Results {
  /**
   * One measurement.
   *
   * @param load the case's name
   * @param peer the peer's name
   * @param figures what was measured
   */
  record Row(String load, String peer, Map<Figure, Double> figures) {}

  /**
   * Why a figure is missing, or what is odd about it.
   *
   * @param load the case's name
   * @param peer the peer's name
   * @param why one line
   */
  record Note(String load, String peer, String why) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  void add(String load, String peer, Map<Figure, Double> figures) {
    rows.add(new Row(load, peer, figures));
  }

  /** A peer that was not measured in a case stands in the table all the same. */
  void note(String load, String peer, String why) {
    notes.add(new Note(load, peer, why));
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  List<Note> notes() {
    return List.copyOf(notes);
  }

  /** Returns whether there is anything to say. */
  boolean has(String load, String peer) {
    return rows.stream().anyMatch(row -> row.load().equals(load) && row.peer().equals(peer))
        || notes.stream().anyMatch(note -> note.load().equals(load) && note.peer().equals(peer));
  }

  /** Returns the median over the rounds; NaN where there is none. */
  double median(String load, String peer, Figure figure) {
    return Quantiles.median(
        rows.stream()
            .filter(row -> row.load().equals(load) && row.peer().equals(peer))
            .map(row -> row.figures().getOrDefault(figure, Double.NaN))
            .filter(value -> !value.isNaN())
            .mapToDouble(Double::doubleValue)
            .toArray());
  }
}
