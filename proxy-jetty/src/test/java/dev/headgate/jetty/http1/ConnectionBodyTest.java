package dev.headgate.jetty.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much is read at once, and when others get their turn. */
class ConnectionBodyTest {
  private static final int SMALL = MessageReader.BUFFER_BYTES;
  private static final int LARGE = MessageReader.LARGE_BUFFER_BYTES;
  private static final int MOST = MessageReader.MOST_BYTES;

  private final ArrayByteBufferPool.Tracking pool =
      new ArrayByteBufferPool.Tracking(0, 4096, MOST, Integer.MAX_VALUE);
  private final ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
  private final Reader reader = new Reader(pool);
  private final Body body = new Body();

  @AfterEach
  void nothingLeaks() {
    reader.release();
    assertTrue(pool.getLeaks().isEmpty(), pool::dumpLeaks);
  }

  @Test
  void readsMoreAtOnceAsMoreComes() {
    comes(2 * MOST);

    assertEquals(List.of(SMALL, LARGE, LARGE), sizes().subList(0, 3));
  }

  @Test
  void pausesForOthersThoughThereIsMore() {
    comes(4 * MOST);

    int read = sizes().stream().mapToInt(Integer::intValue).sum();

    assertTrue(read >= MOST && read < MOST + LARGE, read + " bytes");
    List<Integer> later = new ArrayList<>();
    body.demand(() -> later.addAll(sizes()));
    assertEquals(1, body.watched);
    assertTrue(body.executed.isEmpty());
    assertEquals(List.of(), later);
    body.readable();
    assertEquals(LARGE, later.get(0));
  }

  @Test
  void readsMostForAReaderThatDidNotWait() {
    body.bulk();
    comes(8 * MOST);
    sizes();
    List<Integer> later = new ArrayList<>();
    body.demand(
        () -> {
          sizes();
          body.demand(() -> later.addAll(sizes()));
        });

    body.readable(); // fills its buffers, and asks for more while it is called
    assertEquals(List.of(), later);
    body.readable();

    assertEquals(List.of(MOST), later);
  }

  @Test
  void readsLessForOneThatHadToWait() {
    body.bulk();
    comes(8 * MOST);
    sizes();
    body.demand(this::sizes);
    body.readable();
    List<Integer> later = new ArrayList<>();
    body.demand(() -> later.addAll(sizes())); // as on the event of another connection

    body.readable();

    assertEquals(List.of(LARGE, LARGE, LARGE, LARGE), later);
  }

  @Test
  void readsLessWhereSomebodyLooks() {
    comes(8 * MOST);
    sizes();
    List<Integer> later = new ArrayList<>();
    body.demand(
        () -> {
          sizes();
          body.demand(() -> later.addAll(sizes()));
        });

    body.readable();
    body.readable();

    assertEquals(List.of(LARGE, LARGE, LARGE, LARGE), later);
  }

  @Test
  void isSmallAgainWhenLittleComes() {
    comes(LARGE);
    sizes();
    comes(1);
    sizes();
    comes(LARGE);

    assertEquals(SMALL, sizes().get(0));
  }

  @Test
  void whatIsAtHandAfterATurnIsNotWaitedFor() {
    comes(MOST);
    sizes();
    reader.prefill(ByteBuffer.allocate(1));
    List<String> called = new ArrayList<>();

    body.demand(() -> called.add("ready"));

    assertEquals(List.of(), called);
    assertEquals(0, body.watched);
    body.executed.remove().run();
    assertEquals(List.of("ready"), called);
    assertEquals(List.of(1), sizes());
  }

  private void comes(int bytes) {
    endPoint.addInput(ByteBuffer.allocate(bytes));
  }

  /** Reads until there is nothing, and returns how much came in each piece. */
  private List<Integer> sizes() {
    List<Integer> sizes = new ArrayList<>();
    for (Content content = body.read(); content != null; content = body.read()) {
      sizes.add(content.size());
      content.release();
    }
    return sizes;
  }

  private final class Body extends ConnectionBody {
    final Deque<Runnable> executed = new ArrayDeque<>();
    int watched;

    Body() {
      super(ConnectionBodyTest.this, reader);
    }

    void readable() {
      Runnable ready = takeDemand();
      if (ready != null) ready.run();
    }

    @Override
    public @Nullable Content read() {
      return take();
    }

    @Override
    protected void fill(boolean wide) {
      try {
        reader.fill(endPoint, wide);
      } catch (IOException e) {
        broken(e);
      }
    }

    @Override
    protected void watch() {
      watched++;
    }

    @Override
    protected void execute(Runnable task) {
      executed.add(task);
    }

    @Override
    public void abort(Throwable reason) {
      fail(reason);
    }

    @Override
    public long length() {
      return -1;
    }
  }

  private static final class Reader extends MessageReader {
    Reader(ArrayByteBufferPool pool) {
      super(pool, BUFFER_BYTES, LARGE_BUFFER_BYTES, false, 0);
      raw();
    }
  }
}
