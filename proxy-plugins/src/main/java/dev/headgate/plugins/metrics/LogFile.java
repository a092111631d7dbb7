package dev.headgate.plugins.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;

/**
 * A file of lines that only ever grows by whole lines or is replaced as a whole. A last line
 * without a line break is what a killed process left of a write it never reported as done: it is
 * cut off before anything else is done. Each method to be called under the session's lock.
 */
final class LogFile {
  private final Path directory;
  private final Path file;
  private final Logger logger;

  LogFile(SessionFiles files, Logger logger) {
    this.directory = files.directory();
    this.file = files.log();
    this.logger = logger;
  }

  /**
   * Appends whole lines; they are on disk when this returns.
   *
   * @throws UncertainWriteException if it failed, and part of them may be in the file all the same
   * @throws IOException if it failed, and nothing was added to the file
   */
  void append(byte[] lines) throws IOException {
    if (lines.length == 0) return;
    DurableFiles.createDirectories(directory);
    boolean created = !Files.exists(file);
    boolean appended = false;
    try {
      try (FileChannel channel =
          DurableFiles.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        repair(channel);
        DurableFiles.append(channel, lines);
        appended = true;
      }
      if (created) DurableFiles.forceDirectory(file);
    } catch (IOException e) {
      throw appended ? new UncertainWriteException(e) : e;
    }
  }

  /** Shows each line, without its line break, in order; none when there is no file. */
  void read(Reader reader) throws IOException {
    if (!Files.exists(file)) return;
    try (FileChannel channel =
        DurableFiles.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      repair(channel);
      forEachLine(channel, reader);
    }
  }

  /** Replaces the file, at once and as a whole, by what the editor makes of each line. */
  void rewrite(Editor editor) throws IOException {
    DurableFiles.replace(file, out -> read(line -> editor.edit(line, out)));
  }

  private void repair(FileChannel channel) throws IOException {
    long cut = DurableFiles.cutTornLine(channel);
    if (cut > 0) {
      logger
          .atWarn()
          .addKeyValue("file", file)
          .addKeyValue("bytes", cut)
          .log("metrics: cut off an unfinished last line");
    }
  }

  /** Reads up to the size that the channel has now, which for a device is nothing. */
  private static void forEachLine(FileChannel channel, Reader reader) throws IOException {
    long left = channel.size();
    ByteBuffer block = ByteBuffer.allocate(1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    channel.position(0);
    while (left > 0) {
      block.clear();
      int size = channel.read(block);
      if (size < 0) throw new IOException("file became shorter while it was read");
      left -= size;
      int start = 0;
      for (int i = 0; i < size; i++) {
        if (block.get(i) != '\n') continue;
        line.write(block.array(), start, i - start);
        reader.read(line.toByteArray());
        line.reset();
        start = i + 1;
      }
      line.write(block.array(), start, size - start);
    }
  }

  /** Sees a line. */
  @FunctionalInterface
  interface Reader {
    void read(byte[] line) throws IOException;
  }

  /** Writes what shall stand in the place of a line, with a line break; or nothing. */
  @FunctionalInterface
  interface Editor {
    void edit(byte[] line, OutputStream out) throws IOException;
  }
}
