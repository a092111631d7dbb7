package dev.headgate.verify.architecture;

/**
 * Code that breaks a rule, and the same code mended.
 *
 * @param rule the name of the constant in {@link Rules}
 * @param why what is wrong with the code
 * @param named what the report of the violation must contain
 * @param bad the code that breaks the rule
 * @param good the same without the fault
 */
record RuleCase(String rule, String why, String named, Snippet bad, Snippet good) {
  @Override
  public String toString() {
    return rule + ": " + why;
  }
}
