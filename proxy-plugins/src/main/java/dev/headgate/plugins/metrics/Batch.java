package dev.headgate.plugins.metrics;

/**
 * Deltas that are sent together, as one metric, until the API has taken them: always with the same
 * key and the same bytes.
 *
 * @param key the idempotency key
 * @param body the metric, as JSON
 * @param deltas how many deltas it stands for
 */
record Batch(String key, String body, long deltas) {
  /** Turns a sum into the body of a batch. */
  @FunctionalInterface
  interface Renderer {
    String render(String key, Aggregate sum);
  }
}
