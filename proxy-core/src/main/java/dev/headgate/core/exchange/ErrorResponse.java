package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends a rendered error in one piece. */
final class ErrorResponse {
  private ErrorResponse() {}

  /** Sends it and tells null, or why it could not be sent. */
  static void send(
      InboundExchange inbound, DirectResponse rendered, Consumer<@Nullable Throwable> done) {
    ByteBuffer bytes =
        rendered.body() instanceof DirectResponse.Bytes body
            ? body.bytes().duplicate()
            : ByteBuffer.allocate(0);
    HeaderList headers = HeaderList.of(rendered.headers());
    headers.replace("Content-Length", Integer.toString(bytes.remaining()));
    boolean bodyless = inbound.method().equals("HEAD");
    Content content = bodyless ? null : HeapContent.of(bytes, true);
    inbound.respond(
        rendered.status(),
        headers,
        content,
        true,
        new Completion() {
          @Override
          public void succeeded() {
            done.accept(null);
          }

          @Override
          public void failed(Throwable reason) {
            done.accept(reason);
          }
        });
  }
}
