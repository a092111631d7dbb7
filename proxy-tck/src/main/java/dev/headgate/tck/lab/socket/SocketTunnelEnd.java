package dev.headgate.tck.lab.socket;

import dev.headgate.api.http.Headers;
import dev.headgate.core.http.HeaderList;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TunnelEnd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One end of a tunnel, over a socket. */
final class SocketTunnelEnd implements TunnelEnd {
  private final Connection connection;
  private final EventLog log;
  private final HttpReader reader;
  private final HttpWriter writer;

  SocketTunnelEnd(Connection connection, EventLog log) {
    this.connection = connection;
    this.log = log;
    this.reader = new HttpReader(connection, () -> {});
    this.writer = new HttpWriter(connection, () -> {});
    reader.begin(new HeaderList(), false, true);
    writer.begin(false, false);
  }

  @Override
  public byte[] read(int bytes) {
    return reader.read(bytes);
  }

  @Override
  public byte[] readSome() {
    return reader.readSome();
  }

  @Override
  public byte[] readAll() {
    return reader.readAll();
  }

  @Override
  public long drain() {
    return reader.drain();
  }

  @Override
  public Ending ending() {
    Ending ending = reader.ending();
    log.add(connection.who, "tunnel ends " + ending);
    return ending;
  }

  @Override
  public @Nullable Headers trailers() {
    return null;
  }

  @Override
  public void send(byte[] bytes) {
    writer.send(bytes);
  }

  @Override
  public long sendUntilStalled(long maxBytes) {
    return writer.sendUntilStalled(maxBytes);
  }

  @Override
  public void end(String... trailers) {
    if (trailers.length > 0) throw new IllegalArgumentException("a tunnel has no trailers");
    log.add(connection.who, "ends its direction");
    writer.end();
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
