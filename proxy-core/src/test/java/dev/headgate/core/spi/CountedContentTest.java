package dev.headgate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CountedContentTest {
  private int freed;

  private final Content content =
      new CountedContent(
          ByteBuffer.wrap("a body".getBytes(StandardCharsets.UTF_8)).position(2), true) {
        @Override
        protected void freed() {
          freed++;
        }
      };

  @Test
  void isFreedOnceWithItsLastReference() {
    content.retain();
    content.release();
    assertEquals(0, freed);
    content.release();
    assertEquals(1, freed);
  }

  @Test
  void mistakesAreToldAndChangeNothing() {
    content.release();
    for (int i = 0; i < 2; i++) {
      refused("retained after its last release", content::retain);
      refused("released more often than retained", content::release);
    }
    assertEquals(1, freed);
  }

  @Test
  void tellsOfTheWholeHoweverMuchWasWritten() {
    content.buffer().position(4);
    assertEquals(4, content.size());
    assertEquals(4, content.bytes().remaining());
    assertTrue(content.bytes().isReadOnly());
    assertTrue(content.last());
  }

  @Test
  void failuresMayBeReleasedAsOftenAsOneLikes() {
    Content failed = HeapContent.failed(new IllegalStateException("gone"));
    failed.release();
    failed.release();
    assertEquals("gone", failed.failure().getMessage());
  }

  private static void refused(String message, Executable mistake) {
    assertEquals(message, assertThrows(IllegalStateException.class, mistake).getMessage());
  }
}
