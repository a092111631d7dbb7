package dev.headgate.api.http;

/**
 * One field line: a name and a value, both checked (RFC 9110 §5).
 *
 * @param name the name, as written; compared without regard to case
 * @param value the value, without white space around it; may be empty
 */
public record HeaderField(String name, String value) {
  /**
   * Checks name and value.
   *
   * @param name the name, as written
   * @param value the value, without white space around it
   * @throws IllegalArgumentException as {@link FieldSyntax#requireName} and {@link
   *     FieldSyntax#requireValue} say
   */
  public HeaderField {
    FieldSyntax.requireName(name);
    FieldSyntax.requireValue(name, value);
  }

  /** Names the field without its value, which may be a secret. */
  @Override
  public String toString() {
    return name + ": (" + value.length() + " characters)";
  }
}
