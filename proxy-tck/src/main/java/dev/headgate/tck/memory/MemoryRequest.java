package dev.headgate.tck.memory;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;

/**
 * A request about to be sent on a {@link MemoryClient}. Nothing is checked and nothing but Host is
 * added, so that tests can send what they like. Not thread-safe.
 */
public final class MemoryRequest {
  private final MemoryClient connection;
  private final String method;
  private final String target;
  private final HeaderList headers = new HeaderList();
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private boolean host = true;
  private boolean body;

  MemoryRequest(MemoryClient connection, String method, String target) {
    this.connection = connection;
    this.method = method;
    this.target = target;
  }

  /**
   * Adds a field. With Content-Length there is a body, and it must have that length, or the
   * connection breaks.
   *
   * @param name the name
   * @param value the value
   * @return this
   */
  public MemoryRequest header(String name, String value) {
    headers.append(name, value);
    if (name.equalsIgnoreCase("Content-Length")) body = true;
    return this;
  }

  /**
   * Sets the version; HTTP/1.1 by default.
   *
   * @param spoken what the client speaks
   * @return this
   */
  public MemoryRequest version(HttpVersion spoken) {
    version = spoken;
    return this;
  }

  /**
   * Sends no Host but what {@link #header} was given.
   *
   * @return this
   */
  public MemoryRequest withoutHost() {
    host = false;
    return this;
  }

  /**
   * Gives it a body, of unknown length unless there is a Content-Length.
   *
   * @return this
   */
  public MemoryRequest withBody() {
    body = true;
    return this;
  }

  /**
   * Sends the field {@code Expect: 100-continue}; the body waits for 100 (Continue).
   *
   * @return this
   */
  public MemoryRequest expectContinue() {
    return header("Expect", "100-continue").withBody();
  }

  /**
   * Sends the head.
   *
   * @return the call
   * @throws IllegalStateException if the connection is closed, or its call before is not over
   */
  public MemoryCall open() {
    if (host && !headers.contains("Host") && version != HttpVersion.HTTP_1_0) {
      headers.append("Host", connection.authority());
    }
    return connection.open(this);
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  HttpVersion version() {
    return version;
  }

  HeaderList headers() {
    return headers;
  }

  boolean hasBody() {
    return body;
  }

  /** The bytes of the request line in HTTP/1.1. */
  int lineBytes() {
    return method.length() + target.length() + version.text().length() + 4;
  }
}
