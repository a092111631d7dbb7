package dev.headgate.wasm;

import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** A file with a module, and whether it has changed since it was last looked at. */
final class ModuleFile {
  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private final Path path;
  private @Nullable Stamp seen;

  ModuleFile(Path path) {
    this.path = path;
  }

  String name() {
    return path.toString();
  }

  /**
   * Reads the file, at most one byte more than it may have: the size is checked by who loads it.
   */
  synchronized ModuleSource read(int maxBytes) throws WasmLoadException {
    seen = stamp(); // before reading: what changes while it is read is a change
    try (InputStream in = Files.newInputStream(path)) {
      return new ModuleSource(name(), in.readNBytes(maxBytes + 1));
    } catch (IOException e) {
      throw new WasmLoadException(path + ": can't be read: " + e, e);
    }
  }

  /** Returns whether the file is there, and not as it was when it was last read. */
  synchronized boolean changed() {
    Stamp now = stamp();
    return now != null && !now.equals(seen);
  }

  private @Nullable Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return null;
    }
  }
}
