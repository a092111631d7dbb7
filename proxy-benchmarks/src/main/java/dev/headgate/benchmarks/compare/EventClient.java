package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Many clients that read event streams, in one thread. */
final class EventClient implements AutoCloseable {
  private static final int MOST_SAMPLES = 1 << 20;
  private static final int STAMP = 20;
  private static final byte[] EVENT = "data: ".getBytes(StandardCharsets.ISO_8859_1);
  // More at once than this would measure the kernel's backlog.
  private static final int OPENING = 100;

  private final Subject subject;
  private final String path;
  private final Selector selector = Selector.open();
  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
  private final double[] millis = new double[MOST_SAMPLES];
  private int samples;
  private int started;

  EventClient(Subject subject, String path) throws IOException {
    this.subject = subject;
    this.path = path;
  }

  /** Opens streams until as many have begun, or time is up; returns how many have. */
  int open(int streams, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (started < streams && System.nanoTime() - end < 0) {
      while (channels.size() < streams && channels.size() - started < OPENING) connect();
      poll(end);
    }
    return started;
  }

  private void connect() throws IOException {
    SocketChannel channel = SocketChannel.open(Client.address(subject));
    channels.add(channel);
    channel.write(Client.head(subject, "GET", path, ""));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  /** Returns how many streams have begun. */
  int started() {
    return started;
  }

  /** Reads for a while, and returns how long each event was on its way, in milliseconds. */
  double[] latencies(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    samples = 0;
    while (System.nanoTime() - end < 0) poll(end);
    return Arrays.copyOf(millis, samples);
  }

  private void poll(long end) throws IOException {
    selector.select(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
    Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
    while (ready.hasNext()) {
      SelectionKey key = ready.next();
      ready.remove();
      if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
        key.cancel();
        continue;
      }
      long now = System.nanoTime();
      if (scan(now) && key.attachment() == null) {
        key.attach(subject);
        started++;
      }
    }
  }

  /** Looks for events in what came, whatever the chunks. */
  private boolean scan(long now) {
    boolean found = false;
    byte[] bytes = buffer.array();
    int end = buffer.position();
    for (int at = 0; at + EVENT.length + STAMP <= end; at++) {
      int stamp = at + EVENT.length;
      if (!Arrays.equals(bytes, at, stamp, EVENT, 0, EVENT.length)) continue;
      found = true;
      if (samples < MOST_SAMPLES) millis[samples++] = (now - number(bytes, stamp)) / 1e6;
      at = stamp + STAMP;
    }
    return found;
  }

  private static long number(byte[] bytes, int at) {
    long number = 0;
    for (int i = at; i < at + STAMP; i++) number = number * 10 + bytes[i] - '0';
    return number;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) channel.close();
    selector.close();
  }
}
