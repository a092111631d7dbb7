package dev.headgate.plugins.metrics;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Ways to change a file that a crash at any instant leaves either done or not done. The caller sees
 * to it that nobody else changes the file at the same time.
 */
final class DurableFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private DurableFiles() {}

  /** Opens a file, creating it for its owner alone where the system knows owners. */
  static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), attributes("rw-------"));
  }

  /** Creates a directory, for its owner alone where the system knows owners, and those above it. */
  static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, attributes("rwx------"));
    }
  }

  /**
   * Cuts off a last line without a line break: what is left of a write that never finished.
   *
   * @return how many bytes were cut off
   */
  static long cutTornLine(FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer block = ByteBuffer.allocate(8192);
    long end = size;
    while (end > 0) {
      long from = Math.max(0, end - block.capacity());
      block.clear().limit((int) (end - from));
      readFully(channel, block, from);
      int lineBreak = lastLineBreak(block);
      if (lineBreak >= 0) {
        end = from + lineBreak + 1;
        break;
      }
      end = from;
    }
    if (end < size) {
      channel.truncate(end);
      channel.force(false);
    }
    return size - end;
  }

  /**
   * Appends in one write and waits until it is on disk. A failed append is taken back.
   *
   * @throws UncertainWriteException if it failed and could not be taken back
   * @throws IOException if it failed and nothing of it is in the file
   */
  static void append(FileChannel channel, byte[] bytes) throws IOException {
    long end = channel.size();
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      channel.position(end);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
    } catch (IOException e) {
      try {
        channel.truncate(end);
      } catch (IOException again) {
        e.addSuppressed(again);
        throw new UncertainWriteException(e);
      }
      throw e;
    }
  }

  /**
   * Replaces a file, or creates it: at any instant the file is the old one or the new one, whole.
   *
   * @param file the file
   * @param writer writes the new content
   */
  static void replace(Path file, Writer writer) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
              open(
                  draft,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        writer.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(draft);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    forceDirectory(file);
  }

  /** Makes the creation or renaming of a file durable. Windows can't, and does not need it. */
  static void forceDirectory(Path file) throws IOException {
    if (File.separatorChar == '\\') return;
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) return;
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static int lastLineBreak(ByteBuffer block) {
    for (int i = block.limit() - 1; i >= 0; i--) {
      if (block.get(i) == '\n') return i;
    }
    return -1;
  }

  private static void readFully(FileChannel channel, ByteBuffer block, long from)
      throws IOException {
    while (block.hasRemaining()) {
      if (channel.read(block, from + block.position()) < 0) {
        throw new IOException("file became shorter while it was read");
      }
    }
  }
}
