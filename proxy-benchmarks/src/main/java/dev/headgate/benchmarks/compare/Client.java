package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A client's connection for one request, blocking, and closed when that takes too long. */
final class Client implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final Duration MOST = Duration.ofSeconds(20);
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "client-clock");
            thread.setDaemon(true);
            return thread;
          });

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Future<?> overdue;

  private Client(SocketChannel channel) {
    this.channel = channel;
    Callable<Void> end =
        () -> {
          channel.close();
          return null;
        };
    overdue = CLOCK.schedule(end, MOST.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Connects and sends a head. */
  static Client request(Subject subject, String method, String path, String fields)
      throws IOException {
    Client client = new Client(SocketChannel.open(address(subject)));
    if (subject.tunnel()) client.openTunnel(subject.host());
    client.channel.write(head(subject, method, path, fields));
    return client;
  }

  private void openTunnel(String authority) throws IOException {
    String text = "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n\r\n".formatted(authority);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) answer.append(first());
    if (!answer.toString().startsWith("HTTP/1.1 200 ")) {
      throw new IOException("no tunnel: " + answer.toString().lines().findFirst().orElse(""));
    }
  }

  static InetSocketAddress address(Subject subject) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), subject.port());
  }

  static ByteBuffer head(Subject subject, String method, String path, String fields) {
    String text =
        "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(method, subject.requestTarget(path), subject.host(), fields);
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes of no meaning. */
  void send(long bytes) throws IOException {
    for (long sent = 0; sent < bytes; ) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - sent));
      while (buffer.hasRemaining()) sent += channel.write(buffer);
    }
  }

  /** Waits for the first bytes of the answer, and returns them. */
  String first() throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) throw new IOException("closed without an answer");
    return StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
  }

  /** Reads a number of bytes, or until the server closes, and returns how many came. */
  long read(long bytes) throws IOException {
    long all = 0;
    while (all < bytes) {
      int count = channel.read(buffer.clear());
      if (count < 0) break;
      all += count;
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    overdue.cancel(false);
    channel.close();
  }
}
