package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client goes on sending what nobody wants any more, while its response is still under way. */
class AbandonedUploadTest extends WireTest {
  private static final int BODY = 1 << 20;

  /** A few of them are more than is dropped of an unread body, and none fills a buffer. */
  private static final int PIECE = 10_000;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);

  /** Holds the response's body back. */
  private final class Holding implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("holding")
          .blocking()
          .hookDeadline(Duration.ofSeconds(60))
          .responseBody(BodyEffect.KEEPS_LENGTH)
          .build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {
        @Override
        public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
          reached.countDown();
          try {
            proceed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          out.pass(chunk);
        }
      };
    }
  }

  @Test
  void moreThanIsDroppedIsLeftAloneWithoutTurningRound() throws InterruptedException {
    Wire client = client(proxy(builder -> builder.plugin(new Holding())));
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY + "\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assertTrue(reached.await(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS));

    for (int i = 0; i < 12; i++) {
      client.send("x".repeat(PIECE));
      Threads.awaitRest(engineName());
    }

    proceed.countDown();
    Wire.Head head = client.readHead();
    assertEquals(200, head.status());
    assertEquals("ok", client.readBody(head));
  }
}
