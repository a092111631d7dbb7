package dev.headgate.tck.lab;

/** How binding a rule is. */
public enum Level {
  /** A MUST: a backend that breaks it fails. */
  REQUIRED,
  /** A SHOULD: a backend that breaks it is shown as deviating. */
  OPTIONAL,
  /** A MUST whose test finds a breach with high probability only, as it hangs on timing. */
  STOCHASTIC
}
