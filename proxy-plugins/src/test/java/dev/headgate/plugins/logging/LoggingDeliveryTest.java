package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import dev.headgate.api.Interceptor;
import dev.headgate.api.RequestDecision;
import dev.headgate.plugins.support.FakeChunk;
import dev.headgate.plugins.support.FakeProxyContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where lines go: loggers that hang, and files. */
@Timeout(30)
class LoggingDeliveryTest extends LoggingFixture {
  @Test
  void neverWaitsForALoggerThatHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    recorder.onAppend(
        event -> {
          hanging.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Interceptor interceptor = interceptor(LoggingPlugin.builder().queueCapacity(2));
    FakeProxyContext.get().path("/0").sendThrough(interceptor);
    hanging.await();
    for (int i = 1; i <= 5; i++) FakeProxyContext.get().path("/" + i).sendThrough(interceptor);
    released.countDown();
    stop(interceptor);
    assertEquals(
        List.of(
            "GET /0 HTTP/1.1",
            "GET /1 HTTP/1.1",
            "3 lines were dropped: the log was slower than the traffic",
            "GET /2 HTTP/1.1"),
        recorder.messages());
    assertEquals(Level.WARN, recorder.events().get(2).getLevel());
    assertEquals(3L, recorder.facts(2).get("lines"));
  }

  @Test
  void writesTheFileThoughTheLoggerHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    recorder.onAppend(
        event -> {
          hanging.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    Interceptor interceptor = interceptor(LoggingPlugin.builder().file(LogFile.in(temp)));
    FakeProxyContext.get().sendThrough(interceptor);
    hanging.await();
    Thread writing = running("headgate-logging-file").orElseThrow();
    FutureTask<InterruptedException> stop =
        new FutureTask<>(() -> assertThrows(InterruptedException.class, () -> stop(interceptor)));
    Thread stopping = new Thread(stop, "stopping");
    stopping.start();
    writing.join();
    assertFalse(stop.isDone(), "it waits for the logger");
    stopping.interrupt();
    stop.get();
    interrupted.await();
    Optional<Thread> logging = running("headgate-logging-log");
    if (logging.isPresent()) logging.get().join();
    assertEquals(1, Files.readAllLines(temp.resolve("debug-2026-01-10.log")).size());
  }

  private static Optional<Thread> running(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny();
  }

  @Test
  void writesItsFileWhateverLevelTheLoggerHas() throws Exception {
    recorder.logger().setLevel(Level.OFF);
    Interceptor interceptor =
        interceptor(LoggingPlugin.builder().file(LogFile.in(temp)).everyChunk(1));
    interceptor.onProxyStart(context.proxy());
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "hidden").query("key=hidden");
    ctx.sendThrough(interceptor);
    assertTrue(running("headgate-logging-file").isPresent());
    assertFalse(running("headgate-logging-log").isPresent());
    ctx.answer(200, interceptor);
    interceptor.onResponseChunk(ctx, new FakeChunk("x", true), new FakeChunk.Sink());
    interceptor.onResponseComplete(ctx, SUMMARY);
    stop(interceptor);
    List<String> lines = Files.readAllLines(temp.resolve("debug-2026-01-10.log"));
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(
        lines
            .get(0)
            .startsWith(
                "2026-01-10T12:00:00.000Z DEBUG GET /?key=*** HTTP/1.1 event=request"
                    + " requestId=request-1 sessionId=session-1"),
        lines.get(0));
    assertTrue(lines.get(3).contains("durationMs=12.346"), lines.get(3));
    assertFalse(lines.toString().contains("hidden"), lines.toString());
    assertEquals(List.of(), recorder.messages());
  }

  @Test
  void letsExchangesPassThoughItsFileCannotBeWritten() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "not a directory");
    recorder.logger().setLevel(Level.WARN);
    Interceptor interceptor =
        interceptor(LoggingPlugin.builder().file(LogFile.in(file.resolve("logs"))));
    interceptor.onProxyStart(context.proxy());
    for (int i = 0; i < 10; i++) {
      FakeProxyContext ctx = FakeProxyContext.get();
      assertSame(RequestDecision.proceed(), ctx.onRequest(interceptor));
      interceptor.onResponseComplete(ctx, SUMMARY);
    }
    stop(interceptor);
    assertEquals(1, recorder.messages().size(), recorder.messages().toString());
  }

  @Test
  void touchesNoFileBeforeTheFirstEvent() throws Exception {
    Path logs = temp.resolve("logs");
    Interceptor interceptor = interceptor(LoggingPlugin.builder().file(LogFile.in(logs)));
    interceptor.onProxyStart(context.proxy());
    stop(interceptor);
    assertFalse(Files.exists(logs));
  }

  @Test
  void sharesADirectoryAmongProxies() throws Exception {
    LoggingPlugin plugin = LoggingPlugin.builder().file(LogFile.in(temp)).build();
    Interceptor first = plugin.createInterceptor(context);
    Interceptor second = plugin.createInterceptor(context);
    for (int i = 0; i < 500; i++) {
      FakeProxyContext.get().path("/first").sendThrough(first);
      FakeProxyContext.get().path("/second").sendThrough(second);
    }
    stop(first);
    stop(second);
    List<String> lines = Files.readAllLines(temp.resolve("debug-2026-01-10.log"));
    assertEquals(1000, lines.size());
    assertEquals(500, lines.stream().filter(line -> line.contains(" GET /first ")).count());
    assertTrue(lines.stream().allMatch(line -> line.startsWith("2026-01-10T12:00:00.000Z DEBUG")));
  }
}
