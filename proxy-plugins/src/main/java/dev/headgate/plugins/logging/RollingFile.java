package dev.headgate.plugins.logging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to the file of the day, and goes on to the next file when it is full or the day is
 * over. Lines are held back until {@link #flush()} or until the buffer is full, and reach the file
 * whole. Used on one thread.
 */
final class RollingFile {
  private static final int BUFFER_BYTES = 32 * 1024;

  private final LogDirectory directory;
  private final long maxBytes;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long bufferedLines;
  private @Nullable SeekableByteChannel channel;
  private @Nullable LogFileName name;

  /** The size of the open file, by our last look at it, with what is in the buffer. */
  private long size;

  RollingFile(LogDirectory directory, long maxBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds text that ends with a line break. An earlier day than the file's own goes into that file.
   */
  void append(LocalDate day, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SeekableByteChannel open = fileFor(day, bytes.length);
    if (bytes.length > buffer.remaining()) writeBuffer(open);
    size += bytes.length;
    if (bytes.length > buffer.capacity()) {
      writeFully(open, ByteBuffer.wrap(bytes));
    } else {
      buffer.put(bytes);
      bufferedLines++;
    }
  }

  /** Writes what was held back. */
  void flush() throws IOException {
    if (channel != null) writeBuffer(channel);
  }

  /**
   * Closes the file without writing what was held back; the next line opens one anew.
   *
   * @return how many lines were held back
   */
  long discard() {
    long lost = bufferedLines;
    bufferedLines = 0;
    buffer.clear();
    SeekableByteChannel closing = channel;
    channel = null;
    name = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        // It is given up because it failed already.
      }
    }
    return lost;
  }

  private SeekableByteChannel fileFor(LocalDate day, int bytes) throws IOException {
    if (channel != null && name != null && !day.isAfter(name.day())) {
      // Others may write to the same file.
      if (bufferedLines == 0) size = channel.size();
      if (size == 0 || size + bytes <= maxBytes) return channel;
      flush();
      return open(name.next());
    }
    flush();
    LogFileName newest = directory.newest(day);
    SeekableByteChannel opened = open(newest);
    return size == 0 || size + bytes <= maxBytes ? opened : open(newest.next());
  }

  private SeekableByteChannel open(LogFileName next) throws IOException {
    if (channel != null) {
      SeekableByteChannel closing = channel;
      channel = null;
      closing.close();
    }
    SeekableByteChannel opened = directory.open(next);
    channel = opened;
    name = next;
    size = opened.size();
    directory.deleteOld(next);
    return opened;
  }

  private void writeBuffer(SeekableByteChannel open) throws IOException {
    buffer.flip();
    writeFully(open, buffer);
    buffer.clear();
    bufferedLines = 0;
  }

  private static void writeFully(SeekableByteChannel open, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (open.write(bytes) == 0) throw new IOException("the file takes no more bytes");
    }
  }
}
