package dev.headgate.wasm.runtime;

import java.util.List;

/**
 * Parameters and results of a function, by the names of WebAssembly's text format.
 *
 * @param parameters for example {@code i64}
 * @param results for example {@code i32}
 */
public record Signature(List<String> parameters, List<String> results) {
  /**
   * Copies both.
   *
   * @param parameters for example {@code i64}
   * @param results for example {@code i32}
   */
  public Signature {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
  }

  /** Renders, for example, {@code (i64, i64) -> i32}. */
  @Override
  public String toString() {
    String result = results.size() == 1 ? results.get(0) : "(" + String.join(", ", results) + ")";
    return "(" + String.join(", ", parameters) + ") -> " + result;
  }
}
