package dev.headgate.tck.lab.socket;

import dev.headgate.api.http.Headers;
import dev.headgate.core.http.HeaderList;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.Dialogue;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.TunnelEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A request that came over a socket. */
final class SocketOriginRequest extends Dialogue<HttpReader, HttpWriter> implements OriginRequest {
  private final Connection connection;
  private final String method;
  private final String target;
  private final HeaderList headers;
  private final EventLog log;

  /** The request was read and the response written to their ends. */
  private final CountDownLatch over;

  private volatile boolean last;
  private volatile boolean switched;

  SocketOriginRequest(Connection connection, String line, HeaderList headers, EventLog log) {
    this(connection, line, headers, log, new CountDownLatch(2));
  }

  private SocketOriginRequest(
      Connection connection, String line, HeaderList headers, EventLog log, CountDownLatch over) {
    super(new HttpReader(connection, over::countDown), new HttpWriter(connection, over::countDown));
    String[] parts = line.split(" ", -1);
    if (parts.length != 3) {
      throw new AssertionError(connection.who + ": no request line: '" + line + "'");
    }
    this.connection = connection;
    this.method = parts[0];
    this.target = parts[1];
    this.headers = headers;
    this.log = log;
    this.over = over;
    reader.begin(headers, false, false);
  }

  /** Waits for the exchange's end; false if the connection does not outlive it. */
  boolean awaitOver() throws InterruptedException {
    over.await();
    return !last && reader.known() == Ending.CLEAN;
  }

  /** Whether the connection is a tunnel now, and nobody's but the tunnel's. */
  boolean switched() {
    return switched;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public void interim(int status, String... fields) {
    log.add(connection.who, "sends interim " + status);
    write(HttpHeads.text("HTTP/1.1 " + status + " -", fields));
  }

  @Override
  public void head(int status, String... fields) {
    boolean bodyless = HttpHeads.bodyless(method, status);
    boolean chunked = !bodyless && !HttpHeads.has("Content-Length", fields);
    String[] all = chunked ? HttpHeads.with(fields, "Transfer-Encoding", "chunked") : fields;
    log.add(connection.who, "sends head " + status);
    last = "close".equalsIgnoreCase(HttpHeads.value("Connection", fields));
    write(HttpHeads.text("HTTP/1.1 " + status + " -", all));
    writer().begin(chunked, bodyless);
  }

  @Override
  public void respond(int status, String text, String... fields) {
    if (reader.ending() != Ending.CLEAN) {
      throw new BrokenConnectionError(connection.who, "read the request", null);
    }
    if (HttpHeads.bodyless(method, status)) {
      head(status, fields);
      return;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    head(status, HttpHeads.with(fields, "Content-Length", Integer.toString(body.length)));
    writer().send(body);
    writer().end();
  }

  @Override
  public TunnelEnd switchProtocols(String early, String... fields) {
    log.add(connection.who, "switches protocols");
    switched = true;
    write(HttpHeads.text("HTTP/1.1 101 -", fields) + early);
    over.countDown();
    over.countDown();
    return new SocketTunnelEnd(connection, log);
  }

  private void write(String text) {
    try {
      connection.write(text);
    } catch (IOException e) {
      throw connection.broken("send a head", e);
    }
  }

  @Override
  public void reset() {
    log.add(connection.who, "resets");
    connection.reset();
  }

  @Override
  public void closeEarly() {
    log.add(connection.who, "closes early");
    try {
      connection.finish();
    } catch (IOException e) {
      throw connection.broken("close", e);
    }
  }

  @Override
  public void awaitAborted() {
    if (reader.ending() == Ending.CLEAN) {
      if (writer().ended()) throw new AssertionError(connection.who + ": the exchange is complete");
      awaitEnd();
    }
    log.add(connection.who, "aborted by the proxy");
  }

  private void awaitEnd() {
    try {
      if (connection.await(false)) {
        throw new AssertionError(connection.who + ": bytes came behind the request");
      }
    } catch (IOException reset) {
      log.add(connection.who, "reset: " + reset.getMessage());
    }
  }
}
