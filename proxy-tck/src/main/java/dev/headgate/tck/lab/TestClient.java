package dev.headgate.tck.lab;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A scripted client's connection: one exchange after the other. For one thread at a time. */
public interface TestClient {
  /**
   * Sends a request's head. With {@code Content-Length} among the fields, a body of that length
   * must follow; else there is none. {@code Host} is added unless given.
   *
   * @param method the method
   * @param target the request target, sent as it is
   * @param headers name, value, name, value …
   * @return the exchange
   */
  ClientExchange send(String method, String target, String... headers);

  /**
   * Sends the head of a request with a body of unknown length, or of {@code Content-Length} where
   * that is among the fields.
   *
   * @param method the method
   * @param target the request target, sent as it is
   * @param headers name, value, name, value …
   * @return the exchange, whose body is to be sent and ended
   */
  ClientExchange stream(String method, String target, String... headers);

  /**
   * Sends a GET.
   *
   * @param target the request target
   * @param headers name, value, name, value …
   * @return the exchange
   */
  default ClientExchange get(String target, String... headers) {
    return send("GET", target, headers);
  }

  /**
   * Sends a POST with a body of known length.
   *
   * @param target the request target
   * @param text the body
   * @param headers name, value, name, value …
   * @return the exchange, whose body is complete
   */
  default ClientExchange post(String target, String text, String... headers) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Length";
    all[headers.length + 1] = Integer.toString(body.length);
    ClientExchange exchange = send("POST", target, all);
    exchange.send(body);
    exchange.end();
    return exchange;
  }

  /**
   * Sends bytes as they are, for what {@link #send} would never send.
   *
   * @param text a whole request, line ends and all
   * @return the exchange, of which only the response is to be read
   * @throws org.opentest4j.TestAbortedException without {@link
   *     dev.headgate.core.spi.Capability#SOCKETS}
   */
  ClientExchange raw(String text);

  /** Waits until the proxy has closed the connection. No exchange may be under way. */
  void awaitClosed();

  /** Closes the connection in good order (FIN). Idempotent. */
  void close();
}
