package dev.headgate.jetty.server;

import dev.headgate.jetty.http1.MessageReader;
import dev.headgate.jetty.http1.RawTunnel;

/** The client's side of a tunnel. */
final class ClientTunnel extends RawTunnel {
  private final Http1Connection connection;

  ClientTunnel(Http1Connection connection, MessageReader reader) {
    super(connection.lock(), connection.getEndPoint(), reader, connection.writer());
    this.connection = connection;
  }

  @Override
  protected void watch() {
    connection.watch();
  }

  @Override
  protected void execute(Runnable task) {
    connection.execute(task);
  }

  @Override
  protected void close() {
    connection.breakOff();
  }
}
