package dev.headgate;

import java.util.List;

/** A proxy can't do what it is configured to do. Tells all mistakes at once. */
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
    this("the proxy can't be started", mistakes);
  }

  /**
   * Makes the exception.
   *
   * @param what can't be done
   * @param mistakes each with the offending value and what was expected; at least one
   */
  ConfigurationException(String what, List<String> mistakes) {
    super(
        mistakes.size() == 1
            ? what + ": " + mistakes.get(0)
            : what
                + " for "
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
