package dev.headgate.tck.lab.socket;

import dev.headgate.core.http.HeaderList;
import dev.headgate.tck.lab.Dialogue;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TunnelEnd;
import java.io.IOException;

/** One end of a tunnel, over a socket. */
final class SocketTunnelEnd extends Dialogue<HttpReader, HttpWriter> implements TunnelEnd {
  private final Connection connection;
  private final EventLog log;

  SocketTunnelEnd(Connection connection, EventLog log) {
    super(new HttpReader(connection, () -> {}), new HttpWriter(connection, () -> {}));
    this.connection = connection;
    this.log = log;
    reader.begin(new HeaderList(), false, true);
    writer().begin(false, false);
  }

  @Override
  public Ending ending() {
    Ending ending = reader.ending();
    log.add(connection.who, "tunnel ends " + ending);
    return ending;
  }

  @Override
  public void end(String... trailers) {
    if (trailers.length > 0) throw new IllegalArgumentException("a tunnel has no trailers");
    log.add(connection.who, "ends its direction");
    writer().end();
    try {
      connection.finish();
    } catch (IOException e) {
      throw connection.broken("end a direction", e);
    }
  }

  @Override
  public void reset() {
    log.add(connection.who, "resets");
    connection.reset();
  }
}
