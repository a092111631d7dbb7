package dev.headgate.api.http;

/** The version of HTTP that one connection speaks (RFC 9110 §2.5). */
public enum HttpVersion {
  /** HTTP/1.0: no chunked coding, no 1xx responses. */
  HTTP_1_0("HTTP/1.0"),
  /** HTTP/1.1 (RFC 9112). */
  HTTP_1_1("HTTP/1.1"),
  /** HTTP/2 (RFC 9113). */
  HTTP_2("HTTP/2.0");

  private final String text;

  HttpVersion(String text) {
    this.text = text;
  }

  /**
   * Returns the version as it stands in a start line.
   *
   * @return for example {@code HTTP/1.1}
   */
  public String text() {
    return text;
  }
}
