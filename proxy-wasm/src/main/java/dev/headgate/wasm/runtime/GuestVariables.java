package dev.headgate.wasm.runtime;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a plugin, shared by its instances. A call that touches them has them to itself
 * from its first access to its end, so that read-modify-write of concurrent calls loses nothing;
 * what a failed call set is forgotten. Thread-safe.
 */
public final class GuestVariables {
  private final int maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private Map<String, byte[]> committed = new HashMap<>();
  private long committedBytes;

  /**
   * Makes an empty set.
   *
   * @param maxBytes what names and values together may take
   */
  public GuestVariables(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Returns how much is in use.
   *
   * @return bytes of names and values
   */
  public long bytes() {
    lock.lock();
    try {
      return committedBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins the accesses of one call; locks nothing yet.
   *
   * @return for one thread, which ends it by {@link Session#end}
   */
  public Session session() {
    return new Session();
  }

  /** The accesses of one call. */
  public final class Session {
    private @Nullable Map<String, byte[]> changed;
    private long bytes;
    private boolean held;

    private Session() {}

    /**
     * Reads a variable.
     *
     * @param name its name
     * @return its value, or null
     * @throws InterruptedException while waiting for another call
     */
    public byte @Nullable [] get(String name) throws InterruptedException {
      hold();
      return (changed == null ? committed : changed).get(name);
    }

    /**
     * Sets or removes a variable.
     *
     * @param name its name
     * @param value its value, or null to remove it
     * @return false if the variables would be over their limit; then nothing has changed
     * @throws InterruptedException while waiting for another call
     */
    public boolean put(String name, byte @Nullable [] value) throws InterruptedException {
      hold();
      if (changed == null) changed = new HashMap<>(committed);
      byte[] old = changed.get(name);
      long after = bytes - size(name, old) + size(name, value);
      if (after > maxBytes) return false;
      if (value == null) {
        changed.remove(name);
      } else {
        changed.put(name, value);
      }
      bytes = after;
      return true;
    }

    /**
     * Ends the accesses. Does nothing when there were none, or when ended before.
     *
     * @param commit whether to keep what was set
     */
    public void end(boolean commit) {
      if (!lock.isHeldByCurrentThread()) return;
      try {
        if (commit && changed != null) {
          committed = changed;
          committedBytes = bytes;
        }
      } finally {
        changed = null;
        held = false;
        lock.unlock();
      }
    }

    private void hold() throws InterruptedException {
      if (held) return;
      lock.lockInterruptibly();
      held = true;
      bytes = committedBytes;
    }

    private static long size(String name, byte @Nullable [] value) {
      return value == null ? 0 : name.getBytes(StandardCharsets.UTF_8).length + value.length;
    }
  }
}
