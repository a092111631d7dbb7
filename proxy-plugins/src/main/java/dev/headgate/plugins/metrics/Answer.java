package dev.headgate.plugins.metrics;

/** What came of one attempt to send a batch. */
sealed interface Answer {
  /**
   * The API answered.
   *
   * @param code the status code
   */
  record Status(int code) implements Answer {
    boolean success() {
      return code >= 200 && code < 300;
    }

    /** Whether the API may take the same batch a little later. */
    boolean retryable() {
      return code >= 500 || code == 429;
    }

    /** Whether other credentials may help. */
    boolean unauthorized() {
      return code == 401 || code == 403;
    }

    /**
     * Whether the API has looked at the metric and wants none of it, so that the batch was not
     * counted: bad request, too large, unprocessable.
     */
    boolean rejectsMetric() {
      return code == 400 || code == 413 || code == 422;
    }
  }

  /**
   * There was no answer; the API may have taken the batch or not.
   *
   * @param cause what happened
   */
  record Unreachable(Throwable cause) implements Answer {}

  /**
   * Nothing was sent, since there were no usable credentials.
   *
   * @param reason for the log; without secrets
   */
  record NoCredentials(String reason) implements Answer {}
}
