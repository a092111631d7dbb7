package dev.headgate.jetty.http2;

import java.util.concurrent.TimeUnit;

/** Sizes of HTTP/2's connections, on both sides. Constants. */
public final class Sizes {
  /** The read buffer: a frame of usual size with what is around it. */
  public static final int READ_BYTES = 32 * 1024;

  /** How much of a window is taken before it is given back (RFC 9113 section 6.9). */
  public static final float WINDOW_RATIO = 0.5F;

  /** The table of the compression, which both sides keep at its default. */
  public static final int TABLE_BYTES = 4096;

  /** A first guess at the longest head that will be written. */
  public static final int HEAD_BYTES = 8 * 1024;

  /** How long a peer may take to close after a last GOAWAY. */
  public static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private Sizes() {}
}
