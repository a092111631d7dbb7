package dev.headgate.wasm.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a guest may use. Immutable; made with {@link #builder()}. A guest that goes over a limit is
 * stopped, its call fails, and its instance is thrown away.
 *
 * @param moduleBytes the size of a binary module, in bytes; default 4 MiB
 * @param fuel instructions of one call, counted coarsely: functions at their entry, loops at each
 *     turn; default 50 million
 * @param callDepth how deep the guest's functions may call each other; those that call only the
 *     host, or nothing, are not counted; default 512. The stack of the thread bounds it too: large
 *     functions may end with it first
 * @param deadline wall-clock time of one call; default 250 ms
 * @param startDeadline wall-clock time of the start of an instance; default 2 s
 * @param memoryPages linear memory of one instance, in pages of 64 KiB; default 256, which is 16
 *     MiB
 * @param tableElements elements of all tables of one instance; default 100,000
 * @param hostMemoryBytes what one call may take of the host's memory for input, output and strings,
 *     in bytes; default 4 MiB
 * @param variableBytes names and values of a plugin's variables in one proxy, in bytes; default 1
 *     MiB
 * @param outputBytes the output of one call, in bytes; default 1 MiB
 * @param logBytes log lines of one call, in bytes; what is over is dropped and counted; default 16
 *     KiB
 * @param instances instances of one plugin in one proxy; default 4, or twice the processors
 */
public record WasmLimits(
    int moduleBytes,
    long fuel,
    int callDepth,
    Duration deadline,
    Duration startDeadline,
    int memoryPages,
    int tableElements,
    int hostMemoryBytes,
    int variableBytes,
    int outputBytes,
    int logBytes,
    int instances) {
  private static final WasmLimits DEFAULTS = builder().build();

  /**
   * Checks everything at once.
   *
   * @param moduleBytes the size of a binary module, in bytes
   * @param fuel instructions of one call, counted coarsely: functions at their entry, loops at each
   *     turn
   * @param callDepth how deep the guest's functions may call each other
   * @param deadline wall-clock time of one call
   * @param startDeadline wall-clock time of the start of an instance
   * @param memoryPages linear memory of one instance, in pages of 64 KiB
   * @param tableElements elements of all tables of one instance
   * @param hostMemoryBytes what one call may take of the host's memory for input, output and
   *     strings, in bytes
   * @param variableBytes names and values of a plugin's variables in one proxy, in bytes
   * @param outputBytes the output of one call, in bytes
   * @param logBytes log lines of one call, in bytes; what is over is dropped and counted
   * @param instances instances of one plugin in one proxy
   * @throws IllegalArgumentException naming each offending value and what was expected
   */
  public WasmLimits {
    List<String> mistakes = new ArrayList<>();
    atLeast("moduleBytes", moduleBytes, 1, mistakes);
    atLeast("fuel", fuel, 1, mistakes);
    atLeast("callDepth", callDepth, 1, mistakes);
    atLeast(
        "deadline in nanoseconds",
        Objects.requireNonNull(deadline, "deadline").toNanos(),
        1,
        mistakes);
    atLeast(
        "startDeadline in nanoseconds",
        Objects.requireNonNull(startDeadline, "startDeadline").toNanos(),
        1,
        mistakes);
    atLeast("memoryPages", memoryPages, 1, mistakes);
    atLeast("tableElements", tableElements, 1, mistakes);
    atLeast("hostMemoryBytes", hostMemoryBytes, 1024, mistakes);
    atLeast("variableBytes", variableBytes, 0, mistakes);
    atLeast("outputBytes", outputBytes, 0, mistakes);
    atLeast("logBytes", logBytes, 0, mistakes);
    atLeast("instances", instances, 1, mistakes);
    if (memoryPages > 32_767) {
      mistakes.add("memoryPages must be 32767 at most, but was " + memoryPages);
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid limits: " + String.join("; ", mistakes));
    }
  }

  private static void atLeast(String what, long value, long least, List<String> mistakes) {
    if (value < least) mistakes.add(what + " must be " + least + " or more, but was " + value);
  }

  /**
   * Returns the limits that hold where none are given.
   *
   * @return all defaults
   */
  public static WasmLimits defaults() {
    return DEFAULTS;
  }

  /**
   * Begins with the defaults.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects limits; not thread-safe. Values are checked by {@link #build()}, all at once. */
  public static final class Builder {
    private int moduleBytes = 4 * 1024 * 1024;
    private long fuel = 50_000_000L;
    private int callDepth = 512;
    private Duration deadline = Duration.ofMillis(250);
    private Duration startDeadline = Duration.ofSeconds(2);
    private int memoryPages = 256;
    private int tableElements = 100_000;
    private int hostMemoryBytes = 4 * 1024 * 1024;
    private int variableBytes = 1024 * 1024;
    private int outputBytes = 1024 * 1024;
    private int logBytes = 16 * 1024;
    private int instances = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private Builder() {}

    /**
     * Limits the size of a binary module, in bytes.
     *
     * @param moduleBytes 1 or more
     * @return this
     */
    public Builder moduleBytes(int moduleBytes) {
      this.moduleBytes = moduleBytes;
      return this;
    }

    /**
     * Limits instructions of one call, counted coarsely: functions at their entry, loops at each
     * turn.
     *
     * @param fuel 1 or more
     * @return this
     */
    public Builder fuel(long fuel) {
      this.fuel = fuel;
      return this;
    }

    /**
     * Limits how deep the guest's functions may call each other; those that call only the host, or
     * nothing, are not counted.
     *
     * @param callDepth 1 or more
     * @return this
     */
    public Builder callDepth(int callDepth) {
      this.callDepth = callDepth;
      return this;
    }

    /**
     * Limits wall-clock time of one call.
     *
     * @param deadline above zero
     * @return this
     */
    public Builder deadline(Duration deadline) {
      this.deadline = Objects.requireNonNull(deadline, "deadline");
      return this;
    }

    /**
     * Limits wall-clock time of the start of an instance.
     *
     * @param startDeadline above zero
     * @return this
     */
    public Builder startDeadline(Duration startDeadline) {
      this.startDeadline = Objects.requireNonNull(startDeadline, "startDeadline");
      return this;
    }

    /**
     * Limits linear memory of one instance, in pages of 64 KiB.
     *
     * @param memoryPages 1 or more
     * @return this
     */
    public Builder memoryPages(int memoryPages) {
      this.memoryPages = memoryPages;
      return this;
    }

    /**
     * Limits elements of all tables of one instance.
     *
     * @param tableElements 1 or more
     * @return this
     */
    public Builder tableElements(int tableElements) {
      this.tableElements = tableElements;
      return this;
    }

    /**
     * Limits what one call may take of the host's memory for input, output and strings, in bytes.
     *
     * @param hostMemoryBytes 1024 or more
     * @return this
     */
    public Builder hostMemoryBytes(int hostMemoryBytes) {
      this.hostMemoryBytes = hostMemoryBytes;
      return this;
    }

    /**
     * Limits names and values of a plugin's variables in one proxy, in bytes.
     *
     * @param variableBytes 0 or more
     * @return this
     */
    public Builder variableBytes(int variableBytes) {
      this.variableBytes = variableBytes;
      return this;
    }

    /**
     * Limits the output of one call, in bytes.
     *
     * @param outputBytes 0 or more
     * @return this
     */
    public Builder outputBytes(int outputBytes) {
      this.outputBytes = outputBytes;
      return this;
    }

    /**
     * Limits log lines of one call, in bytes; what is over is dropped and counted.
     *
     * @param logBytes 0 or more
     * @return this
     */
    public Builder logBytes(int logBytes) {
      this.logBytes = logBytes;
      return this;
    }

    /**
     * Limits instances of one plugin in one proxy.
     *
     * @param instances 1 or more
     * @return this
     */
    public Builder instances(int instances) {
      this.instances = instances;
      return this;
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException naming each offending value
     */
    public WasmLimits build() {
      return new WasmLimits(
          moduleBytes,
          fuel,
          callDepth,
          deadline,
          startDeadline,
          memoryPages,
          tableElements,
          hostMemoryBytes,
          variableBytes,
          outputBytes,
          logBytes,
          instances);
    }
  }
}
