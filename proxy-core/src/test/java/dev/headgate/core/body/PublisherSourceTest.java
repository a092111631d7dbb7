package dev.headgate.core.body;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublisherSourceTest {
  private final AtomicLong asked = new AtomicLong();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger ready = new AtomicInteger();
  private Flow.Subscriber<? super ByteBuffer> subscriber;

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
                  }
                });
          });

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
    RuntimeException reason = new RuntimeException("broken");
    subscriber.onError(reason);
    Content content = source.read();
    assertNotNull(content);
    assertSame(reason, content.failure());
  }

  @Test
  void failsWhenThePublisherSendsTooMuch() {
    demand();
    subscriber.onNext(bytes("a"));
    subscriber.onNext(bytes("b"));
    assertTrue(cancelled.get());
    Content content = source.read();
    assertNotNull(content);
    assertNotNull(content.failure());
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
