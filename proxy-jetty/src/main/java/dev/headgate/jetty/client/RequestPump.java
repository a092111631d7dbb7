package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http1.FieldBytes;
import dev.headgate.jetty.http1.MessageWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends a request over HTTP/1.1. */
final class RequestPump extends UpstreamPump {
  private static final String VERSION = " HTTP/1.1";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private final Transfer transfer;
  private final MessageWriter writer;

  private boolean begun;

  RequestPump(Transfer transfer, UpstreamRequest request, MessageWriter writer) {
    super(request);
    this.transfer = transfer;
    this.writer = writer;
  }

  @Override
  protected void next() {
    BodySource body = request.body();
    if (body != null && mayProceed()) {
      read(body);
    } else if (!begun) {
      begin(body);
      send(null, body == null, null);
    }
  }

  @Override
  protected void nothingYet(BodySource body) {
    if (begun) {
      super.nothingYet(body);
    } else {
      begin(body);
      send(null, false, null);
    }
  }

  @Override
  protected void write(Content content, boolean last) {
    BodySource body = request.body();
    if (!begun) begin(body);
    send(content, last, last && body != null ? body.trailers() : null);
  }

  private void send(@Nullable Content content, boolean last, @Nullable HeaderList trailers) {
    lastTaken(last);
    writing(last);
    writer.send(content, last, trailers, this);
  }

  @Override
  protected void ended() {
    transfer.requestSent();
  }

  @Override
  protected void readFailed(Throwable reason) {
    transfer.requestBodyFailed(reason);
  }

  @Override
  protected void writeFailed(Throwable reason) {
    transfer.writeFailed(reason);
  }

  /** Puts the head, which goes out with what is sent next. */
  private void begin(@Nullable BodySource body) {
    begun = true;
    HeaderList headers = request.headers();
    int size =
        request.method().length()
            + request.pathAndQuery().length()
            + FieldBytes.size(headers)
            + VERSION.length()
            + CHUNKED.length()
            + 8;
    writer.begin();
    ByteBuffer out = writer.head(size);
    FieldBytes.putText(out, request.method());
    out.put((byte) ' ');
    FieldBytes.putText(out, request.pathAndQuery());
    FieldBytes.putText(out, VERSION);
    FieldBytes.endLine(out);
    FieldBytes.put(out, headers);
    if (body != null && body.length() < 0) {
      writer.chunked();
      FieldBytes.putText(out, CHUNKED);
      FieldBytes.endLine(out);
    } else if (body != null) {
      writer.length(body.length());
    }
    FieldBytes.endLine(out);
  }
}
