package dev.headgate.core.spi;

import dev.headgate.core.config.DurationRange;
import dev.headgate.core.config.Http2Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes and limits of an engine. All proxies on it share them.
 *
 * @param name a name for threads
 * @param maxThreads most I/O and task threads; 4 or more
 * @param maxBufferBytes most bytes of direct memory kept in the buffer pool; above zero
 * @param maxConnectionsPerTarget most connections to one upstream; 1 or more
 * @param idleConnectionTimeout how long an unused upstream connection is kept; above zero
 * @param maxResponseHeadBytes most bytes of an upstream's response head; 1024 to 16 MiB
 * @param http2 how much may be under way on a connection of HTTP/2 to an upstream
 * @param ioThreads how many threads move bytes, each those of its share of the sockets; 1 to {@code
 *     maxThreads - 2}. By default one less than there are processors, and at least one, as plugins'
 *     threads, the compiler and the garbage collector need some, too
 */
public record EngineOptions(
    String name,
    int maxThreads,
    long maxBufferBytes,
    int maxConnectionsPerTarget,
    Duration idleConnectionTimeout,
    int maxResponseHeadBytes,
    Http2Options http2,
    int ioThreads) {
  private static final int MOST_HEAD_BYTES = 16 << 20;

  /** So many are needed for tasks at least. */
  private static final int OTHER_THREADS = 2;

  /** Fewer of all threads for one that moves bytes would leave too few for the rest. */
  private static final int THREADS_PER_IO_THREAD = 4;

  /**
   * Checks everything at once.
   *
   * @param name a name for threads
   * @param maxThreads most I/O and task threads
   * @param maxBufferBytes most bytes of direct memory kept in the buffer pool
   * @param maxConnectionsPerTarget most connections to one upstream
   * @param idleConnectionTimeout how long an unused upstream connection is kept
   * @param maxResponseHeadBytes most bytes of an upstream's response head
   * @param http2 how much may be under way on a connection of HTTP/2 to an upstream
   * @param ioThreads how many threads move bytes
   * @throws IllegalArgumentException naming each offending value
   */
  public EngineOptions {
    List<String> mistakes = new ArrayList<>();
    if (name == null || name.isBlank()) {
      mistakes.add("name must have letters, but was '" + name + "'");
    }
    if (maxThreads < 4) mistakes.add("maxThreads must be 4 or more, but was " + maxThreads);
    if (maxBufferBytes < 1) {
      mistakes.add("maxBufferBytes must be above zero, but was " + maxBufferBytes);
    }
    if (maxConnectionsPerTarget < 1) {
      mistakes.add("maxConnectionsPerTarget must be 1 or more, but was " + maxConnectionsPerTarget);
    }
    DurationRange.ABOVE_ZERO.check("idleConnectionTimeout", idleConnectionTimeout, mistakes);
    if (maxResponseHeadBytes < 1024 || maxResponseHeadBytes > MOST_HEAD_BYTES) {
      mistakes.add(
          "maxResponseHeadBytes must be 1024 to 16777216 (16 MiB), but was "
              + maxResponseHeadBytes);
    }
    if (http2 == null) {
      mistakes.add("http2 must be given, but was null");
    } else {
      mistakes.addAll(http2.mistakes());
    }
    if (maxThreads >= 4 && (ioThreads < 1 || ioThreads > maxThreads - OTHER_THREADS)) {
      mistakes.add(
          "ioThreads must be 1 to " + (maxThreads - OTHER_THREADS) + ", but was " + ioThreads);
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid engine options: " + String.join("; ", mistakes));
    }
  }

  /**
   * Makes options with the defaults of HTTP/2 and of threads that move bytes.
   *
   * @param name a name for threads
   * @param maxThreads most I/O and task threads
   * @param maxBufferBytes most bytes of direct memory kept in the buffer pool
   * @param maxConnectionsPerTarget most connections to one upstream
   * @param idleConnectionTimeout how long an unused upstream connection is kept
   * @param maxResponseHeadBytes most bytes of an upstream's response head
   * @throws IllegalArgumentException naming each offending value
   */
  public EngineOptions(
      String name,
      int maxThreads,
      long maxBufferBytes,
      int maxConnectionsPerTarget,
      Duration idleConnectionTimeout,
      int maxResponseHeadBytes) {
    this(
        name,
        maxThreads,
        maxBufferBytes,
        maxConnectionsPerTarget,
        idleConnectionTimeout,
        maxResponseHeadBytes,
        Http2Options.defaults(),
        defaultIoThreads(maxThreads));
  }

  private static int defaultIoThreads(int maxThreads) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.max(1, Math.min(processors - 1, maxThreads / THREADS_PER_IO_THREAD));
  }

  /**
   * Returns the defaults: 200 threads at most, 32 MiB of kept buffers, 8192 connections to one
   * target, 30 s for unused ones, 32 KiB of response head.
   *
   * @return the options
   */
  public static EngineOptions defaults() {
    return new EngineOptions("headgate", 200, 32L << 20, 8192, Duration.ofSeconds(30), 32 * 1024);
  }

  /**
   * Returns these options with others for HTTP/2.
   *
   * @param values how much may be under way on a connection of HTTP/2 to an upstream
   * @return the options
   * @throws IllegalArgumentException naming each offending value
   */
  public EngineOptions withHttp2(Http2Options values) {
    return new EngineOptions(
        name,
        maxThreads,
        maxBufferBytes,
        maxConnectionsPerTarget,
        idleConnectionTimeout,
        maxResponseHeadBytes,
        values,
        ioThreads);
  }

  /**
   * Returns these options with another number of threads that move bytes.
   *
   * @param count 1 to {@code maxThreads - 2}. With as many as there are processors, bursts are
   *     served sooner; a request costs a little more where the machine is busy
   * @return the options
   * @throws IllegalArgumentException naming each offending value
   */
  public EngineOptions withIoThreads(int count) {
    return new EngineOptions(
        name,
        maxThreads,
        maxBufferBytes,
        maxConnectionsPerTarget,
        idleConnectionTimeout,
        maxResponseHeadBytes,
        http2,
        count);
  }
}
