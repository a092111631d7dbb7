package dev.headgate.wasm.support;

import dev.headgate.wasm.runtime.GuestEnvironment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.event.Level;

/** Keeps a guest's lines, from info on. */
public final class RecordedLog implements GuestEnvironment.Log {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public boolean enabled(Level level) {
    return level.toInt() >= Level.INFO.toInt();
  }

  @Override
  public void line(Level level, String line) {
    lines.add(level + " " + line);
  }

  public List<String> lines() {
    return lines;
  }
}
