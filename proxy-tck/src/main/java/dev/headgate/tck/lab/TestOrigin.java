package dev.headgate.tck.lab;

import java.util.function.Consumer;

/** A scripted upstream. Thread-safe. */
public interface TestOrigin {
  /**
   * Returns its URL.
   *
   * @return such as {@code http://127.0.0.1:54321}, without a path
   */
  String url();

  /**
   * Returns its host and port.
   *
   * @return as a {@code Host} field names them
   */
  String authority();

  /**
   * Waits for the head of the next request.
   *
   * @return the request; its body is unread
   * @throws AssertionError if none comes
   */
  OriginRequest accept();

  /**
   * Answers requests in the background from now on, in place of {@link #accept()}.
   *
   * @param script called for each request on a thread of its own, so it may wait; what it throws
   *     fails the rule
   * @return this
   */
  TestOrigin answering(Consumer<? super OriginRequest> script);

  /**
   * Answers each request with the same response in the background, once all of it came.
   *
   * @param status the status
   * @param text the body
   * @param headers name, value, name, value …
   * @return this
   */
  default TestOrigin answering(int status, String text, String... headers) {
    return answering(request -> request.respond(status, text, headers));
  }

  /**
   * Takes connections as tunnels from now on, and speaks no HTTP on them.
   *
   * @return this
   * @throws org.opentest4j.TestAbortedException where there are no tunnels
   */
  TestOrigin tunnelled();

  /**
   * Waits for the next connection.
   *
   * @return the upstream's end of the tunnel
   * @throws AssertionError if none comes
   * @throws IllegalStateException unless it is {@link #tunnelled()}
   */
  TunnelEnd acceptTunnel();

  /**
   * Returns its port.
   *
   * @return the number
   */
  default int port() {
    return Integer.parseInt(authority().substring(authority().lastIndexOf(':') + 1));
  }

  /**
   * Returns how many request heads came.
   *
   * @return 0 or more
   */
  int requests();
}
