package dev.headgate.jetty.server;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.jetty.http1.ConnectionField;
import dev.headgate.jetty.http1.FieldBytes;
import dev.headgate.jetty.http1.MessageWriter;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one response of HTTP/1: framing and the fields of the connection are its own, all else is
 * the core's.
 */
final class ResponseWriter implements Completion {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Http1Connection connection;
  private final Http1Exchange exchange;
  private final MessageWriter writer;
  private final boolean head;
  private final boolean http11;
  private final boolean keepAliveAsked;

  /** Null where the client does not wait for 100 (Continue), as nearly always. */
  private final @Nullable Expectation expectation;

  // Of the response; one writer at a time.
  private boolean keepAlive;
  private volatile boolean endsWithConnection;
  private @Nullable Completion done;
  private boolean last;

  ResponseWriter(
      Http1Connection connection,
      Http1Exchange exchange,
      RequestLine line,
      HeaderList headers,
      boolean hasBody) {
    this.connection = connection;
    this.exchange = exchange;
    this.writer = connection.writer();
    this.head = line.method().equals("HEAD");
    this.http11 = line.version() == HttpVersion.HTTP_1_1;
    this.keepAliveAsked = ConnectionField.persists(headers, http11);
    boolean expects = hasBody && http11 && Expectation.isIn(headers);
    this.expectation = expects ? new Expectation(this::writeContinue) : null;
  }

  // --- 100 (Continue)

  void sendContinue() {
    if (expectation != null) expectation.met();
  }

  private void writeContinue() {
    if (expectation == null) return;
    connection.getEndPoint().write(expectation, ByteBuffer.wrap(CONTINUE));
  }

  // --- writes

  void interim(int status, HeaderList fields, Completion completion) {
    if (expectation == null) {
      headOnly(status, fields, completion);
    } else {
      expectation.interim(done -> headOnly(status, fields, done), completion);
    }
  }

  /** Sends the head of a tunnel, to which nothing is added. */
  void tunnel(int status, HeaderList fields, Completion completion) {
    if (expectation == null) {
      headOnly(status, fields, completion);
    } else {
      expectation.answer(() -> headOnly(status, fields, completion));
    }
  }

  private void headOnly(int status, HeaderList fields, Completion completion) {
    if (refused(null, completion)) return;
    writer.begin();
    ByteBuffer out = writer.head(ResponseHead.bound(fields));
    ResponseHead.putStatusLine(out, status);
    FieldBytes.put(out, fields);
    FieldBytes.endLine(out);
    writer.send(null, false, null, completion);
  }

  void respond(
      int status,
      HeaderList fields,
      @Nullable Content first,
      boolean isLast,
      Completion completion) {
    if (expectation == null) {
      respondNow(status, fields, first, isLast, completion);
    } else {
      expectation.answer(() -> respondNow(status, fields, first, isLast, completion));
    }
  }

  private void respondNow(
      int status,
      HeaderList fields,
      @Nullable Content first,
      boolean isLast,
      Completion completion) {
    if (refused(first, completion)) return;
    Content body = first;
    boolean bodyless = head || status == 204 || status == 304;
    if (bodyless && body != null) {
      body.release();
      body = null;
    }
    long length = contentLength(fields);
    boolean addLength = !bodyless && length < 0 && isLast;
    if (addLength) length = body == null ? 0 : body.buffer().remaining();
    boolean unsized = !bodyless && length < 0;
    endsWithConnection = unsized && !http11;
    keepAlive = !endsWithConnection && mayKeepAlive();

    writer.begin();
    ByteBuffer out = writer.head(ResponseHead.bound(fields));
    ResponseHead.putStatusLine(out, status);
    FieldBytes.put(out, fields);
    if (addLength) ResponseHead.putLength(out, length);
    if (unsized && http11) {
      ResponseHead.Extra.CHUNKED.put(out);
      writer.chunked();
    } else if (!bodyless && !unsized) {
      writer.length(length);
    }
    if (!keepAlive) {
      ResponseHead.Extra.CLOSE.put(out);
    } else if (!http11) {
      ResponseHead.Extra.KEEP_ALIVE.put(out);
    }
    FieldBytes.endLine(out);
    send(body, isLast, null, completion);
  }

  private boolean mayKeepAlive() {
    // Without the 100 that the client waits for, nobody knows whether its body will come.
    boolean unsentBody = expectation != null && expectation.isUnmet();
    if (!keepAliveAsked || unsentBody || connection.listener().isStopping()) return false;
    synchronized (connection.lock()) {
      return !connection.cannotDrain();
    }
  }

  void write(Content piece, boolean isLast, @Nullable HeaderList trailers, Completion completion) {
    if (refused(piece, completion)) return;
    if (head) {
      piece.release();
      send(null, isLast, null, completion);
    } else {
      send(piece, isLast, trailers, completion);
    }
  }

  private void send(
      @Nullable Content piece,
      boolean isLast,
      @Nullable HeaderList trailers,
      Completion completion) {
    done = completion;
    last = isLast;
    writer.send(piece, isLast, trailers, this);
  }

  private boolean refused(@Nullable Content piece, Completion completion) {
    if (!exchange.isOver()) return false;
    if (piece != null) piece.release();
    completion.failed(new EofException("the exchange is over"));
    return true;
  }

  private static long contentLength(HeaderList fields) {
    String value = fields.get("Content-Length");
    if (value == null) return -1;
    try {
      return Long.parseLong(value.trim());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  // --- ends of writes

  @Override
  public void succeeded() {
    Completion told = done;
    done = null;
    if (!last) {
      if (told != null) told.succeeded();
    } else if (exchange.finish(keepAlive)) {
      if (told != null) told.succeeded();
      connection.advance();
    } else if (told != null) {
      told.failed(new EofException("the exchange was aborted"));
    }
  }

  @Override
  public void failed(Throwable reason) {
    Completion told = done;
    done = null;
    if (told != null) told.failed(reason);
    exchange.abort(reason);
  }

  /** Makes the end visible where only the connection's end delimits the body: by a reset. */
  void reset() {
    if (!endsWithConnection) return;
    EndPoint endPoint = connection.getEndPoint();
    EndPoint socket = endPoint instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : endPoint;
    if (socket.getTransport() instanceof Tunnel tunnel) {
      tunnel.abort(new EofException("broken off")); // a stream, of which this is all that is there
    } else if (socket.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // Closed already.
      }
    }
    // TLS would say goodbye first, which is a clean end.
    if (socket != endPoint) socket.close();
  }
}
