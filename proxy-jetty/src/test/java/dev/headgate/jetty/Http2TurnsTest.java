package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.core.spi.EngineOptions;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Connections that share a thread get their turns, whatever one of them sends. */
class Http2TurnsTest extends Http2WireTest {
  private static final int MANY = 4000;
  private static final int REQUESTS = 20;

  @Override
  EngineOptions options() {
    return super.options().withIoThreads(1);
  }

  @Test
  void clientThatNeverPausesLeavesTimeForOthers() throws Exception {
    originAnswers();
    Proxy proxy = proxy();
    Frames busy = h2(proxy);
    isServed(busy, 1);
    byte[] one = Frames.bytes(Frames.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
    ByteBuffer windows = ByteBuffer.allocate(MANY * one.length);
    for (int i = 0; i < MANY; i++) windows.put(one);
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) busy.raw(windows.array());
              } catch (UncheckedIOException e) {
                // The test is over.
              }
            });
    sender.start();
    try {
      for (int i = 0; i < REQUESTS; i++) {
        Wire client = client(proxy);
        client.send(get("/"));
        assertEquals("fine", client.readBody(client.readHead()));
      }
    } finally {
      busy.close();
      sender.join();
    }
  }
}
