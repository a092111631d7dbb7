package dev.headgate.jetty.server;

import dev.headgate.api.DirectResponse;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.jetty.http1.FieldBytes;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** Sends the answer to a request that could not be taken. Stateless. */
final class RejectedResponse {
  private static final Completion UNHEARD =
      new Completion() {
        @Override
        public void succeeded() {}

        @Override
        public void failed(Throwable reason) {}
      };

  private RejectedResponse() {}

  /**
   * Answers a request of HTTP/2, whose connection goes on.
   *
   * @param exchange whose request it is
   * @param response what the core rendered
   */
  static void send(InboundExchange exchange, DirectResponse response) {
    ByteBuffer body = body(response);
    HeaderList headers = HeaderList.of(response.headers());
    headers.replace("Content-Length", Integer.toString(body.remaining()));
    exchange.respond(response.status(), headers, HeapContent.of(body, true), true, UNHEARD);
  }

  private static ByteBuffer body(DirectResponse response) {
    return response.body() instanceof DirectResponse.Bytes bytes
        ? bytes.bytes().duplicate()
        : ByteBuffer.allocate(0);
  }

  /**
   * Sends a response of HTTP/1.1 with {@code Connection: close}.
   *
   * @param endPoint where to
   * @param response what the core rendered
   * @param sent run when it is out
   * @param failed run when it can't be sent
   */
  static void send(EndPoint endPoint, DirectResponse response, Runnable sent, Runnable failed) {
    ByteBuffer body = body(response);
    HeaderList headers = HeaderList.of(response.headers());
    headers.replace("Content-Length", Integer.toString(body.remaining()));
    ByteBuffer head = ByteBuffer.allocate(ResponseHead.bound(headers));
    ResponseHead.putStatusLine(head, response.status());
    FieldBytes.put(head, headers);
    ResponseHead.Extra.CLOSE.put(head);
    FieldBytes.endLine(head);
    endPoint.write(Callback.from(sent, failure -> failed.run()), head.flip(), body);
  }
}
