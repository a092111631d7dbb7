package dev.headgate.jetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A client that asks for tunnels on the streams of one connection of HTTP/2, and gives the bytes of
 * each as a socket.
 */
final class StreamSockets implements AutoCloseable {
  private final Frames frames;
  private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
  private volatile boolean holds;
  private int last = -1;

  /** One tunnel; what the proxy sends is written to the far end of its socket. */
  static final class Stream {
    final Socket near;
    final CompletableFuture<Frames.Frame> head = new CompletableFuture<>();

    /** With which code the stream was reset; -1 for a clean end. */
    final CompletableFuture<Integer> end = new CompletableFuture<>();

    private final int number;
    private final Socket far;

    Stream(int number) throws IOException {
      this.number = number;
      try (ServerSocket pair = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        near = new Socket(InetAddress.getLoopbackAddress(), pair.getLocalPort());
        far = pair.accept();
      }
    }

    /** Waits for the stream's end. */
    int awaitEnd() throws Exception {
      return end.get(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS);
    }

    int status() throws Exception {
      return head.get(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS).status();
    }
  }

  StreamSockets(Frames frames) {
    this.frames = frames;
    start("stream-reader", this::read);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Stops to open windows, so that the proxy may send no more than the first of them. */
  void hold() {
    holds = true;
  }

  /** Opens the windows again, and wider than is needed. */
  void release(Stream stream) {
    frames.window(0, 1 << 24).window(stream.number, 1 << 24);
  }

  /** Asks for a tunnel. */
  Stream connect(String authority) throws IOException {
    last += 2;
    Stream stream = new Stream(last);
    streams.put(stream.number, stream);
    frames.head(stream.number, false, ":method: CONNECT", ":authority: " + authority);
    start("stream-writer-" + last, () -> write(stream));
    return stream;
  }

  void reset(Stream stream) {
    frames.reset(stream.number, Frames.CANCEL);
  }

  private void write(Stream stream) {
    byte[] buffer = new byte[8192];
    try {
      for (int n = stream.far.getInputStream().read(buffer);
          n >= 0;
          n = stream.far.getInputStream().read(buffer)) {
        frames.data(stream.number, false, Arrays.copyOf(buffer, n));
      }
      frames.data(stream.number, true, new byte[0]);
    } catch (IOException | UncheckedIOException e) {
      // The test has closed one of the two.
    }
  }

  private void read() {
    try {
      while (true) {
        Frames.Frame frame = frames.next();
        Stream stream = streams.get(frame.stream());
        if (stream != null) take(stream, frame);
      }
    } catch (IOException | UncheckedIOException | AssertionError e) {
      for (Stream stream : streams.values()) end(stream, Integer.MAX_VALUE);
    }
  }

  private void take(Stream stream, Frames.Frame frame) throws IOException {
    if (frame.type() == Frames.HEADERS) stream.head.complete(frame);
    if (frame.type() == Frames.RST_STREAM) end(stream, frame.code());
    if (frame.type() == Frames.DATA) {
      int size = frame.payload().length;
      if (size > 0 && !holds) frames.window(0, size).window(stream.number, size);
      try {
        stream.far.getOutputStream().write(frame.payload());
      } catch (IOException e) {
        // The test has closed its end.
      }
    }
    if (frame.ends()) end(stream, -1);
  }

  private static void end(Stream stream, int code) {
    if (!stream.end.complete(code)) return;
    try {
      stream.far.shutdownOutput();
    } catch (IOException e) {
      // The test has closed it.
    }
  }

  @Override
  public void close() throws IOException {
    frames.close();
    for (Stream stream : streams.values()) {
      stream.near.close();
      stream.far.close();
    }
  }
}
