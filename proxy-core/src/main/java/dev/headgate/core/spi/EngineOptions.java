package dev.headgate.core.spi;

import dev.headgate.core.config.Http2Options;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Sizes and limits of an engine. All proxies on it share them.
 *
 * @param name a name for threads
 * @param maxThreads most I/O and task threads; 4 or more
 * @param maxBufferBytes most bytes of direct memory kept in the buffer pool; above zero
 * @param maxConnectionsPerTarget most connections to one upstream; 1 or more
 * @param idleConnectionTimeout how long an unused upstream connection is kept; above zero
 * @param maxResponseHeadBytes most bytes of an upstream's response head; 1024 or more
 * @param http2 how much may be under way on a connection of HTTP/2 to an upstream
 */
public record EngineOptions(
    String name,
    int maxThreads,
    long maxBufferBytes,
    int maxConnectionsPerTarget,
    Duration idleConnectionTimeout,
    int maxResponseHeadBytes,
    Http2Options http2) {
  /**
   * Checks everything.
   *
   * @param name a name for threads
   * @param maxThreads most I/O and task threads
   * @param maxBufferBytes most bytes of direct memory kept in the buffer pool
   * @param maxConnectionsPerTarget most connections to one upstream
   * @param idleConnectionTimeout how long an unused upstream connection is kept
   * @param maxResponseHeadBytes most bytes of an upstream's response head
   * @param http2 how much may be under way on a connection of HTTP/2 to an upstream
   * @throws IllegalArgumentException with the offending value
   */
  public EngineOptions {
    Objects.requireNonNull(name, "name");
    require(maxThreads >= 4, "maxThreads must be 4 or more, but was " + maxThreads);
    require(maxBufferBytes > 0, "maxBufferBytes must be above zero, but was " + maxBufferBytes);
    require(
        maxConnectionsPerTarget >= 1,
        "maxConnectionsPerTarget must be 1 or more, but was " + maxConnectionsPerTarget);
    require(
        !idleConnectionTimeout.isNegative() && !idleConnectionTimeout.isZero(),
        "idleConnectionTimeout must be above zero, but was " + idleConnectionTimeout);
    require(
        maxResponseHeadBytes >= 1024,
        "maxResponseHeadBytes must be 1024 or more, but was " + maxResponseHeadBytes);
    List<String> mistakes = http2.mistakes();
    require(mistakes.isEmpty(), String.join("; ", mistakes));
  }

  /**
   * Makes options with the defaults of HTTP/2.
   *
   * @param name a name for threads
   * @param maxThreads most I/O and task threads
   * @param maxBufferBytes most bytes of direct memory kept in the buffer pool
   * @param maxConnectionsPerTarget most connections to one upstream
   * @param idleConnectionTimeout how long an unused upstream connection is kept
   * @param maxResponseHeadBytes most bytes of an upstream's response head
   * @throws IllegalArgumentException with the offending value
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
        Http2Options.defaults());
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
   * @throws IllegalArgumentException with the offending value
   */
  public EngineOptions withHttp2(Http2Options values) {
    return new EngineOptions(
        name,
        maxThreads,
        maxBufferBytes,
        maxConnectionsPerTarget,
        idleConnectionTimeout,
        maxResponseHeadBytes,
        values);
  }

  private static void require(boolean condition, String message) {
    if (!condition) throw new IllegalArgumentException(message);
  }
}
