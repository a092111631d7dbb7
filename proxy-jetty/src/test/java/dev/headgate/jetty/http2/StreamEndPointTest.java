package dev.headgate.jetty.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A close that waits for what was written has a time of its own, and leaves nothing behind. */
class StreamEndPointTest {
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler(timer);
  private final Deque<Completion> writes = new ArrayDeque<>();
  private int givenUp;
  private final StreamEndPoint endPoint =
      new StreamEndPoint(
          new ByteArrayEndPoint(), new Writes(), () -> givenUp++, scheduler, Runnable::run);

  @BeforeEach
  void start() throws Exception {
    timer.setRemoveOnCancelPolicy(true);
    scheduler.start();
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void closeWaitsForWhatWasWritten() throws IOException {
    endPoint.flush(ByteBuffer.wrap(new byte[10]));
    endPoint.close();

    assertEquals(1, timer.getQueue().size());
    writes.remove().succeeded();
    writes.remove().succeeded();
    assertEquals(1, givenUp);
    assertEquals(0, timer.getQueue().size());
  }

  @Test
  void closeOfWhatWasBrokenOffWaitsForNothing() throws IOException {
    endPoint.flush(ByteBuffer.wrap(new byte[10]));
    writes.remove().failed(new IOException("reset"));

    assertEquals(0, timer.getQueue().size());
  }

  @Test
  void closeBehindTheEndWaitsForNothing() {
    endPoint.shutdownOutput();
    writes.remove().succeeded();
    endPoint.close();

    assertEquals(1, givenUp);
    assertEquals(0, timer.getQueue().size());
  }

  /** Keeps what is written to it. */
  private final class Writes implements Tunnel {
    @Override
    public BodySource input() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(Content content, boolean last, Completion done) {
      content.release();
      writes.add(done);
    }

    @Override
    public void abort(Throwable reason) {}
  }
}
