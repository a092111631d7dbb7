package dev.headgate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BodyPumpTest {
  private final Script body = new Script();

  /** What the pump was told and did, in order. */
  private final List<String> calls = new ArrayList<>();

  /** A body of pieces that the test puts there. */
  private static final class Script implements BodySource {
    private final Queue<Content> pieces = new ArrayDeque<>();
    private Runnable demanded;

    void put(String text, boolean last) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      pieces.add(HeapContent.of(ByteBuffer.wrap(bytes), last));
    }

    void callBack() {
      Runnable ready = demanded;
      demanded = null;
      ready.run();
    }

    @Override
    public Content read() {
      return pieces.poll();
    }

    @Override
    public void demand(Runnable ready) {
      if (demanded != null) throw new IllegalStateException("a demand is pending");
      demanded = ready;
    }

    @Override
    public void abort(Throwable reason) {}

    @Override
    public long length() {
      return -1;
    }
  }

  /** Its writes are taken when the test says so. */
  private class Recording extends BodyPump {
    @Override
    protected void next() {
      read(body);
    }

    @Override
    protected void write(Content content, boolean last) {
      calls.add(StandardCharsets.US_ASCII.decode(content.buffer()).toString());
      content.release();
      writing(last);
    }

    @Override
    protected boolean taken(boolean last) {
      calls.add(last ? "last taken" : "taken");
      return true;
    }

    @Override
    protected void ended() {
      calls.add("ended");
    }

    @Override
    protected void readFailed(Throwable reason) {
      calls.add("read failed, " + reason.getMessage());
    }

    @Override
    protected void writeFailed(Throwable reason) {
      calls.add("write failed, " + reason.getMessage());
    }
  }

  @Test
  void readsTheNextPieceWhenTheLastOneWasTaken() {
    body.put("a", false);
    body.put("b", true);
    BodyPump pump = new Recording();

    pump.run();
    pump.run(); // a signal that is no write's end
    assertEquals(List.of("a"), calls);
    pump.succeeded();
    assertEquals(List.of("a", "taken", "b"), calls);
    pump.succeeded();
    assertEquals(List.of("a", "taken", "b", "last taken", "ended"), calls);

    pump.run();
    assertEquals(5, calls.size());
    assertNull(body.demanded);
  }

  @Test
  void demandsWhatIsNotThereYet() {
    BodyPump pump = new Recording();

    pump.run();
    assertNotNull(body.demanded);
    body.put("a", false);
    body.callBack();
    assertEquals(List.of("a"), calls);
    assertNull(body.demanded);
  }

  /** As when an upstream says 100 just when the head's write was taken. */
  @Test
  void demandsOnceThoughSomethingElseWakesIt() {
    BodyPump pump = new Recording();

    pump.run();
    pump.goOn();
    pump.goOn();
    body.put("a", false);
    body.callBack();

    assertEquals(List.of("a"), calls);
  }

  @Test
  void failureOfTheBodyIsTheEnd() {
    AtomicInteger released = new AtomicInteger();
    Content failure = HeapContent.failed(new IllegalStateException("gone"));
    body.pieces.add(
        new Piece(failure) {
          @Override
          public void release() {
            released.incrementAndGet();
          }
        });
    body.put("never read", true);
    BodyPump pump = new Recording();

    pump.run();
    pump.run();

    assertEquals(List.of("read failed, gone"), calls);
    assertEquals(1, released.get());
  }

  @Test
  void failureOfAWriteIsTheEnd() {
    body.put("a", true);
    BodyPump pump = new Recording();

    pump.run();
    pump.failed(new IllegalStateException("reset"));
    pump.run();

    assertEquals(List.of("a", "write failed, reset"), calls);
  }

  @Test
  void stoppedReadsNothingMore() {
    body.put("a", false);
    body.put("never read", false);
    BodyPump pump = new Recording();

    pump.run();
    pump.stop();
    pump.succeeded();
    pump.run();

    assertEquals(List.of("a", "taken"), calls);
  }

  @Test
  void lastWriteHasItsEndThoughItWasStopped() {
    body.put("a", true);
    BodyPump pump = new Recording();

    pump.run();
    pump.stop();
    pump.succeeded();

    assertEquals(List.of("a", "last taken", "ended"), calls);
  }

  @Test
  void anotherWriteMayFollowInsteadOfTheEnd() {
    body.put("a", true);
    BodyPump pump =
        new Recording() {
          @Override
          protected boolean taken(boolean last) {
            boolean first = !calls.contains("trailers");
            if (first) {
              calls.add("trailers");
              writing(true);
            }
            return !first;
          }
        };

    pump.run();
    pump.succeeded();
    assertEquals(List.of("a", "trailers"), calls);
    pump.succeeded();
    assertEquals(List.of("a", "trailers", "ended"), calls);
  }

  /** Writes that end before their method returns do not grow the stack. */
  @Test
  void manyPiecesDoNotRecurse() {
    int many = 100_000;
    for (int i = 1; i <= many; i++) body.put("", i == many);
    new Recording() {
      @Override
      protected void write(Content content, boolean last) {
        super.write(content, last);
        succeeded();
      }
    }.run();

    assertEquals(2 * many + 1, calls.size());
    assertEquals("ended", calls.get(2 * many));
  }

  /** Whichever threads signal, one is in a turn at a time, and no signal is lost. */
  @Test
  @Timeout(240) // where all processors are busy, and the JIT comes late
  void turnsNeverOverlap() throws InterruptedException {
    int many = 20_000;
    for (int i = 1; i <= many; i++) body.put("", i == many);
    AtomicBoolean within = new AtomicBoolean();
    AtomicBoolean overlapped = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    Queue<Runnable> writes = new ConcurrentLinkedQueue<>();
    BodyPump pump =
        new Recording() {
          @Override
          protected void write(Content content, boolean last) {
            if (within.getAndSet(true)) overlapped.set(true);
            super.write(content, last);
            within.set(false);
            writes.add(this::succeeded);
          }

          @Override
          protected void ended() {
            super.ended();
            ended.countDown();
          }
        };
    Thread[] threads = new Thread[3];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                while (ended.getCount() > 0) {
                  Runnable write = writes.poll();
                  if (write != null) {
                    write.run();
                  } else {
                    // For who has its turn, where there is one processor for all.
                    LockSupport.parkNanos(1);
                  }
                  pump.run();
                }
              });
      threads[i].start();
    }
    ended.await();
    for (Thread thread : threads) thread.join();

    assertFalse(overlapped.get());
    assertEquals(2 * many + 1, calls.size());
  }

  /** Passes all on to the content within. */
  private abstract static class Piece implements Content {
    private final Content content;

    Piece(Content content) {
      this.content = content;
    }

    @Override
    public ByteBuffer buffer() {
      return content.buffer();
    }

    @Override
    public Throwable failure() {
      return content.failure();
    }

    @Override
    public ByteBuffer bytes() {
      return content.bytes();
    }

    @Override
    public int size() {
      return content.size();
    }

    @Override
    public boolean last() {
      return content.last();
    }

    @Override
    public void retain() {
      content.retain();
    }
  }
}
