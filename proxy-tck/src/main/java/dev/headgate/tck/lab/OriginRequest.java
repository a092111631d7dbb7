package dev.headgate.tck.lab;

import dev.headgate.api.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A request as a scripted upstream received it, and the answer to it. As a reader it is the
 * request's body, as a writer the response's.
 */
public interface OriginRequest extends BodyReader, BodyWriter {
  /**
   * Returns the method.
   *
   * @return the method
   */
  String method();

  /**
   * Returns the request target.
   *
   * @return the target, byte for byte
   */
  String target();

  /**
   * Returns the fields; over sockets with those of the connection.
   *
   * @return the fields as they came
   */
  Headers headers();

  /**
   * Returns the first line with a name.
   *
   * @param name the name, in any case
   * @return its value, or null
   */
  default @Nullable String header(String name) {
    return headers().get(name);
  }

  /**
   * Sends an interim response.
   *
   * @param status 100 to 199
   * @param headers name, value, name, value …
   */
  void interim(int status, String... headers);

  /**
   * Sends the final head. Without {@code Content-Length} the body is of unknown length. For HEAD,
   * 204 and 304 this ends the response, and {@link #end} does nothing.
   *
   * @param status 200 to 999
   * @param headers name, value, name, value …
   */
  void head(int status, String... headers);

  /**
   * Reads the request to its end, and answers it in full.
   *
   * @param status 200 to 999
   * @param text the body, sent with a {@code Content-Length}; for HEAD, 204 and 304 none is sent
   * @param headers name, value, name, value …
   */
  void respond(int status, String text, String... headers);

  /**
   * Switches protocols: sends 101.
   *
   * @param early what is sent right behind the head
   * @param headers name, value, name, value …
   * @return the upstream's end of the tunnel
   * @throws org.opentest4j.TestAbortedException where there are no tunnels
   */
  TunnelEnd switchProtocols(String early, String... headers);

  /** Breaks the connection at once: over sockets with a reset. */
  void reset();

  /** Closes the connection in good order (over sockets: FIN), wherever the response stands. */
  void closeEarly();

  /**
   * Waits until the proxy breaks the connection before request and response are complete. Reads and
   * drops what still comes of the request.
   *
   * @throws AssertionError if that does not happen
   */
  void awaitAborted();
}
