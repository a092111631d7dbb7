package dev.headgate;

import java.util.List;

/** A proxy can't be started as it is configured. Tells all mistakes at once. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence for each mistake. */
  private final String[] mistakes;

  /**
   * Makes the exception.
   *
   * @param mistakes each with the offending value and what was expected; at least one
   */
  public ConfigurationException(List<String> mistakes) {
    super(
        mistakes.size() == 1
            ? "the proxy can't be started: " + mistakes.get(0)
            : "the proxy can't be started for "
                + mistakes.size()
                + " reasons:\n  - "
                + String.join("\n  - ", mistakes));
    this.mistakes = mistakes.toArray(String[]::new);
  }

  /**
   * Returns the mistakes.
   *
   * @return each with the offending value and what was expected
   */
  public List<String> mistakes() {
    return List.of(mistakes);
  }
}
