package dev.headgate.plugins.metrics;

import java.util.Locale;

/** The settings that the environment and the profile may give, with what each must look like. */
enum Setting {
  ENABLED("enabled", "true or false"),
  PROVIDERS("providers", "names of providers, separated by commas; nothing for all"),
  DIRECTORY("directory", "the path of a directory"),
  ENDPOINT(
      "endpoint", "an absolute http or https URI with a host and without user info or fragment"),
  INTERVAL("interval", "a duration above zero, 24h at most, such as 5m, 30s, 250ms or PT5M"),
  NAME("name", "a letter, then letters, digits or any of _ . : -, 128 characters at most"),
  ATTRIBUTES("attributes", "pairs such as team=core,tier=2 with names that are not empty"),
  REQUEST_TIMEOUT(
      "request-timeout", "a duration above zero, 10m at most, such as 5s, 250ms or PT5S");

  private static final String PREFIX = "HEADGATE_METRICS_";

  private final String key;
  private final String expectation;

  Setting(String key, String expectation) {
    this.key = key;
    this.expectation = expectation;
  }

  /** Returns the key in the profile's settings. */
  String key() {
    return key;
  }

  /** Returns the environment variable. */
  String variable() {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  String expectation() {
    return expectation;
  }
}
