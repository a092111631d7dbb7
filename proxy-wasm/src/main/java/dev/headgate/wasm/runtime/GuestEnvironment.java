package dev.headgate.wasm.runtime;

import java.util.Map;
import java.util.Objects;
import org.slf4j.event.Level;

/**
 * What an instance gets from outside.
 *
 * @param config the guest's configuration
 * @param variables the guest's variables, which several instances may share
 * @param log where the guest's lines go
 */
public record GuestEnvironment(Map<String, String> config, GuestVariables variables, Log log) {
  /**
   * Copies the configuration.
   *
   * @param config the guest's configuration
   * @param variables the guest's variables
   * @param log where the guest's lines go
   */
  public GuestEnvironment {
    config = Map.copyOf(config);
    Objects.requireNonNull(variables, "variables");
    Objects.requireNonNull(log, "log");
  }

  /** Takes a guest's lines, on the thread of the call, after it. */
  public interface Log {
    /**
     * Tells guests which lines are wanted.
     *
     * @param level the level
     * @return whether lines of that level go anywhere
     */
    boolean enabled(Level level);

    /**
     * Takes a line.
     *
     * @param level the level
     * @param line the text, as the guest wrote it
     */
    void line(Level level, String line);
  }
}
