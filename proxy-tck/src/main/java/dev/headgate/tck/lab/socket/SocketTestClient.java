package dev.headgate.tck.lab.socket;

import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TestClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client over a socket. */
final class SocketTestClient implements TestClient {
  private final Connection connection;
  private final String authority;
  private final EventLog log;
  private @Nullable SocketExchange last;

  SocketTestClient(Connection connection, String authority, EventLog log) {
    this.connection = connection;
    this.authority = authority;
    this.log = log;
  }

  @Override
  public ClientExchange send(String method, String target, String... headers) {
    return open(method, target, HttpHeads.has("Content-Length", headers), headers);
  }

  @Override
  public ClientExchange stream(String method, String target, String... headers) {
    return open(method, target, true, headers);
  }

  private ClientExchange open(String method, String target, boolean body, String... headers) {
    boolean chunked = body && !HttpHeads.has("Content-Length", headers);
    String[] all = headers;
    if (!HttpHeads.has("Host", headers)) all = HttpHeads.with(all, "Host", authority);
    if (chunked) all = HttpHeads.with(all, "Transfer-Encoding", "chunked");
    String head = HttpHeads.text(method + " " + target + " HTTP/1.1", all);
    return open(method, head, chunked, !body);
  }

  @Override
  public ClientExchange raw(String text) {
    return open(text.substring(0, text.indexOf(' ')), text, false, true);
  }

  private ClientExchange open(String method, String text, boolean chunked, boolean bodyless) {
    SocketExchange before = last;
    if (before != null && !before.over()) {
      throw new IllegalStateException("the exchange before was not sent and read to its end");
    }
    log.add(connection.who, text.lines().findFirst().orElse(""));
    SocketExchange exchange = new SocketExchange(connection, method, log);
    last = exchange;
    try {
      connection.write(text);
    } catch (IOException e) {
      throw connection.broken("send a request", e);
    }
    exchange.begin(chunked, bodyless);
    return exchange;
  }

  @Override
  public void awaitClosed() {
    try {
      if (connection.await(false)) {
        throw new AssertionError(connection.who + ": bytes came, where an end was expected");
      }
    } catch (IOException reset) {
      log.add(connection.who, "closed: " + reset.getMessage());
    }
  }

  @Override
  public void close() {
    log.add(connection.who, "closes");
    connection.close();
  }
}
