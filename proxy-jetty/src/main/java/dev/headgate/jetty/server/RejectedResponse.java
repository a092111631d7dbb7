package dev.headgate.jetty.server;

import dev.headgate.api.DirectResponse;
import dev.headgate.core.http.HeaderList;
import dev.headgate.jetty.http1.FieldBytes;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** Sends the answer to a request that could not be parsed; the connection then ends. Stateless. */
final class RejectedResponse {
  private RejectedResponse() {}

  /**
   * Sends a response with {@code Connection: close}.
   *
   * @param endPoint where to
   * @param response what the core rendered
   * @param sent run when it is out
   * @param failed run when it can't be sent
   */
  static void send(EndPoint endPoint, DirectResponse response, Runnable sent, Runnable failed) {
    ByteBuffer body =
        response.body() instanceof DirectResponse.Bytes bytes
            ? bytes.bytes().duplicate()
            : ByteBuffer.allocate(0);
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
