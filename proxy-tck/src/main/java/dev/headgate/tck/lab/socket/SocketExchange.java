package dev.headgate.tck.lab.socket;

import dev.headgate.core.http.HeaderList;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Dialogue;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TunnelEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** An exchange over a socket. */
final class SocketExchange extends Dialogue<HttpReader, HttpWriter> implements ClientExchange {
  private final Connection connection;
  private final String method;
  private final EventLog log;
  private final List<Head> interims = new ArrayList<>();
  private int interimsTaken;
  private @Nullable Head response;

  SocketExchange(Connection connection, String method, EventLog log) {
    super(new HttpReader(connection, () -> {}), new HttpWriter(connection, () -> {}));
    this.connection = connection;
    this.method = method;
    this.log = log;
  }

  void begin(boolean chunked, boolean bodyless) {
    writer().begin(chunked, bodyless);
  }

  boolean over() {
    return reader.known() == Ending.CLEAN;
  }

  @Override
  public Head response() {
    Head head = response;
    try {
      while (head == null) head = nextHead();
    } catch (IOException e) {
      reader.breakOff();
      throw connection.broken("read a response's head", e);
    }
    return head;
  }

  @Override
  public Head awaitInterim() {
    try {
      while (interims.size() == interimsTaken) {
        Head last = nextHead();
        if (last != null) {
          throw new AssertionError(
              connection.who + ": no interim response, but the final one: " + last.status());
        }
      }
    } catch (IOException e) {
      reader.breakOff();
      throw connection.broken("read an interim response", e);
    }
    return interims.get(interimsTaken++);
  }

  /** Reads a head; null if it was an interim one. */
  private @Nullable Head nextHead() throws IOException {
    if (response != null) return response;
    String line = connection.line();
    if (!line.startsWith("HTTP/1.") || line.length() < 12) {
      throw new AssertionError(connection.who + ": no status line: '" + line + "'");
    }
    int status = Integer.parseInt(line.substring(9, 12));
    HeaderList headers = HttpHeads.read(connection);
    log.add(connection.who, "head " + status);
    Head head = new Head(status, headers);
    if (status < 200 && status != 101) {
      interims.add(head);
      return null;
    }
    response = head;
    boolean opened = status == 101 || (method.equals("CONNECT") && status < 300);
    reader.begin(headers, opened || HttpHeads.bodyless(method, status), true);
    return head;
  }

  @Override
  public List<Head> interims() {
    return List.copyOf(interims);
  }

  @Override
  protected void beforeReading() {
    response();
  }

  @Override
  public Ending ending() {
    try {
      while (nextHead() == null) {}
    } catch (IOException e) {
      reader.breakOff();
    }
    Ending ending = reader.ending();
    log.add(connection.who, "ending " + ending);
    return ending;
  }

  @Override
  public TunnelEnd tunnel() {
    awaitTunnel();
    return new SocketTunnelEnd(connection, log);
  }

  private void awaitTunnel() {
    int status = status();
    if (status != 101 && status != 200) {
      throw new AssertionError(connection.who + ": no tunnel, but " + status);
    }
  }

  @Override
  public TestClient secure(SSLContext context, String authority) {
    awaitTunnel();
    int colon = authority.lastIndexOf(':');
    SSLEngine engine =
        context.createSSLEngine(
            authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)));
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    try {
      connection.secure(engine);
    } catch (IOException e) {
      log.add(connection.who, "TLS fails: " + e);
      throw connection.broken("shake hands", e);
    }
    log.add(connection.who, "speaks TLS with " + authority);
    return new SocketTestClient(connection, authority, log);
  }

  @Override
  public void vanish() {
    log.add(connection.who, "vanishes");
    connection.reset();
  }
}
