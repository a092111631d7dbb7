package dev.headgate.jetty.client;

import dev.headgate.jetty.http1.MessageReader;
import dev.headgate.jetty.http1.RawTunnel;

/** The upstream's side of a tunnel. */
final class UpstreamTunnel extends RawTunnel {
  private final UpstreamConnection connection;

  UpstreamTunnel(UpstreamConnection connection, MessageReader reader) {
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
    connection.discard();
  }
}
