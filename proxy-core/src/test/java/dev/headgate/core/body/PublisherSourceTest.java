package dev.headgate.core.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublisherSourceTest {
  private final AtomicLong asked = new AtomicLong();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger ready = new AtomicInteger();
  private final List<String> faults = new ArrayList<>();
  private final Throwable told = new Throwable("told");
  private Runnable onCancel = () -> {};
  private Flow.Subscriber<? super ByteBuffer> subscriber;

  private final PublisherSource.Owner owner =
      new PublisherSource.Owner() {
        @Override
        public Throwable failed(Throwable cause) {
          faults.add(String.valueOf(cause.getMessage()));
          return told;
        }

        @Override
        public void failedInCancel(Throwable cause) {
          faults.add("cancel: " + cause.getMessage());
        }
      };

  private final PublisherSource source =
      new PublisherSource(
          given -> {
            subscriber = given;
            given.onSubscribe(
                new Flow.Subscription() {
                  @Override
                  public void request(long n) {
                    asked.addAndGet(n);
                  }

                  @Override
                  public void cancel() {
                    cancelled.set(true);
                    onCancel.run();
                  }
                });
          },
          owner);

  private void demand() {
    source.demand(ready::incrementAndGet);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void asksForOneAtATime() {
    assertNull(source.read());
    demand();
    assertEquals(1, asked.get());
    subscriber.onNext(bytes("a"));
    assertEquals(1, ready.get());
    Content content = source.read();
    assertNotNull(content);
    assertEquals(1, content.size());
    assertNull(source.read());
    assertEquals(1, asked.get());
    demand();
    assertEquals(2, asked.get());
  }

  @Test
  void asksAgainForAnEmptyBuffer() {
    demand();
    subscriber.onNext(ByteBuffer.allocate(0));
    assertEquals(0, ready.get());
    assertEquals(2, asked.get());
  }

  @Test
  void endsAfterTheLastBuffer() {
    demand();
    subscriber.onNext(bytes("a"));
    subscriber.onComplete();
    Content content = source.read();
    assertNotNull(content);
    assertEquals(false, content.last());
    Content end = source.read();
    assertNotNull(end);
    assertTrue(end.last());
    assertNull(end.failure());
  }

  @Test
  void failsWhenThePublisherFails() {
    demand();
    subscriber.onError(new RuntimeException("broken"));
    assertEquals(List.of("broken"), faults);
    assertFailed();
  }

  private void assertFailed() {
    assertEquals(1, ready.get());
    Content content = source.read();
    assertNotNull(content);
    assertSame(told, content.failure());
  }

  @Test
  void failsOnNull() {
    demand();
    subscriber.onNext(null);
    assertEquals(List.of("the publisher sent null"), faults);
    assertTrue(cancelled.get());
    assertFailed();
  }

  @Test
  void failsWhenThePublisherFailsWithNull() {
    demand();
    subscriber.onError(null);
    assertEquals(List.of("the publisher failed with null"), faults);
    assertFailed();
  }

  @Test
  void failsWhenThePublisherSendsUnsubscribed() {
    PublisherSource unsubscribed = new PublisherSource(to -> to.onNext(bytes("a")), owner);
    unsubscribed.demand(ready::incrementAndGet);
    assertEquals(1, faults.size());
    assertEquals(1, ready.get());
  }

  @Test
  void failsOnce() {
    demand();
    onCancel =
        () -> {
          throw new IllegalStateException("on purpose");
        };
    subscriber.onNext(null);
    subscriber.onNext(bytes("a"));
    subscriber.onError(new RuntimeException("broken"));
    subscriber.onComplete();
    assertEquals(1, faults.size(), faults::toString);
    assertFailed();
  }

  @Test
  void blamesNobodyForWhatFollowsAnAbort() {
    demand();
    onCancel = () -> subscriber.onError(new RuntimeException("because of it"));
    RuntimeException reason = new RuntimeException("gone");
    source.abort(reason);
    subscriber.onNext(bytes("a"));
    assertEquals(List.of(), faults);
    Content content = source.read();
    assertNotNull(content);
    assertSame(reason, content.failure());
  }

  @Test
  void tellsOfOneThatFailsWhenCancelled() {
    demand();
    onCancel =
        () -> {
          throw new NoClassDefFoundError("on purpose");
        };
    source.abort(new RuntimeException("gone"));
    assertEquals(List.of("cancel: on purpose"), faults);
    assertEquals(1, ready.get());
  }

  @Test
  void ignoresWhatFollowsTheEnd() {
    demand();
    subscriber.onComplete();
    subscriber.onNext(bytes("a"));
    subscriber.onError(new RuntimeException("late"));
    assertEquals(List.of(), faults);
    Content end = source.read();
    assertNotNull(end);
    assertTrue(end.last());
  }

  @Test
  void failsWhenThePublisherSendsTooMuch() {
    demand();
    subscriber.onNext(bytes("a"));
    subscriber.onNext(bytes("b"));
    assertTrue(cancelled.get());
    assertEquals(List.of("the publisher sent more buffers than were asked for"), faults);
    assertEquals("a", StandardCharsets.UTF_8.decode(read().bytes()).toString());
    assertSame(told, read().failure());
  }

  private Content read() {
    Content content = source.read();
    assertNotNull(content);
    return content;
  }

  @Test
  void cancelsWhenAborted() {
    demand();
    RuntimeException reason = new RuntimeException("gone");
    source.abort(reason);
    assertTrue(cancelled.get());
    assertEquals(1, ready.get());
    Content content = source.read();
    assertNotNull(content);
    assertSame(reason, content.failure());
  }

  @Test
  void isNotSubscribedToAfterAnAbort() {
    source.abort(new RuntimeException("gone"));
    demand();
    assertNull(subscriber);
    assertEquals(1, ready.get());
  }
}
