package dev.headgate.wasm.chicory;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.HostCall;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What the host functions of one instance share: host memory, and the state of the call under way.
 * They run on the guest's stack, which a hostile guest may have nearly used up, so they touch
 * nothing but this object: log lines wait for the end of the call. Not thread-safe.
 */
final class Call implements HostCall {
  private record Line(Level level, String text) {}

  private final GuestEnvironment environment;
  private final WasmLimits limits;
  private final Kernel kernel;
  private final GuestVariables.Session variables;
  private final List<Line> lines = new ArrayList<>();
  private int lineBytes;
  private int droppedLines;
  private @Nullable Supplier<byte[]> input;
  private long inputHandle;
  private long inputLength;
  private byte[] output = new byte[0];
  private long error;
  private @Nullable Object exchange;

  Call(GuestEnvironment environment, WasmLimits limits) {
    this.environment = environment;
    this.limits = limits;
    this.kernel = new Kernel(limits.hostMemoryBytes());
    this.variables = environment.variables().session();
  }

  void begin(Supplier<byte[]> input, @Nullable Object exchange) {
    this.input = input;
    this.exchange = exchange;
    inputHandle = 0;
    inputLength = 0;
    output = new byte[0];
    error = 0;
  }

  /** Ends the call: variables are kept or not, log lines go out, host memory is empty again. */
  void end(boolean commit) {
    input = null;
    exchange = null;
    output = new byte[0];
    kernel.reset();
    variables.end(commit);
    if (!lines.isEmpty() || droppedLines > 0) flushLines();
  }

  private void flushLines() {
    List<Line> taken = List.copyOf(lines);
    int dropped = droppedLines;
    lines.clear();
    lineBytes = 0;
    droppedLines = 0;
    for (Line line : taken) environment.log().line(line.level, line.text);
    if (dropped > 0) {
      environment
          .log()
          .line(Level.WARN, dropped + " lines dropped, over " + limits.logBytes() + " bytes");
    }
  }

  Kernel kernel() {
    return kernel;
  }

  private void readInput() {
    Supplier<byte[]> source = input;
    if (source == null) return;
    input = null;
    byte[] bytes = source.get();
    inputHandle = kernel.store(bytes);
    inputLength = bytes.length;
  }

  long inputOffset() {
    readInput();
    return inputHandle;
  }

  long inputLength() {
    readInput();
    return inputLength;
  }

  int inputLoad8(long index) {
    return kernel.load8(inputPosition(index, 1));
  }

  long inputLoad64(long index) {
    return kernel.load64(inputPosition(index, 8));
  }

  private long inputPosition(long index, int width) {
    readInput();
    if (index < 0 || index > inputLength - width) {
      throw new Refusal(Reason.BAD_HANDLE, width + " bytes at " + index + " are not in the input");
    }
    return inputHandle + index;
  }

  void output(long offset, long length) {
    if (length > limits.outputBytes()) {
      throw new Refusal(
          Reason.OUTPUT, length + " bytes of output are over the limit of " + limits.outputBytes());
    }
    output = kernel.range(offset, length);
  }

  byte[] output() {
    return output;
  }

  void error(long handle) {
    error = handle;
  }

  long error() {
    return error;
  }

  /** Returns what the guest gave as its error; empty when nothing. */
  String errorText() {
    return error == 0 ? "" : text(error);
  }

  long config(long name) {
    String value = environment.config().get(text(name));
    return value == null ? 0 : store(value.getBytes(StandardCharsets.UTF_8));
  }

  long variable(long name) {
    try {
      byte[] value = variables.get(text(name));
      return value == null ? 0 : kernel.store(value);
    } catch (InterruptedException e) {
      throw waitedTooLong();
    }
  }

  /** A value of 0 removes the variable. */
  void variable(long name, long value) {
    try {
      if (variables.put(text(name), value == 0 ? null : kernel.block(value))) return;
    } catch (InterruptedException e) {
      throw waitedTooLong();
    }
    throw new Refusal(
        Reason.VARIABLES,
        "the variables would be over the limit of " + limits.variableBytes() + " bytes");
  }

  /** The watchdog's interrupt looks like anybody's here; who began the call knows which it was. */
  private static Refusal waitedTooLong() {
    Thread.currentThread().interrupt();
    return new Refusal(Reason.INTERRUPTED, "interrupted while waiting for variables");
  }

  void log(Level level, long handle) {
    if (!environment.log().enabled(level)) return;
    byte[] text = kernel.block(handle);
    if (lineBytes + text.length > limits.logBytes() || lines.size() >= 1000) {
      droppedLines++;
      return;
    }
    lineBytes += text.length;
    lines.add(new Line(level, new String(text, StandardCharsets.UTF_8)));
  }

  /** Returns the least level wanted, by the numbers of the Extism ABI. */
  int logLevel() {
    Level[] levels = {Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR};
    for (int i = 0; i < levels.length; i++) {
      if (environment.log().enabled(levels[i])) return i;
    }
    return Integer.MAX_VALUE;
  }

  @Override
  public @Nullable Object exchange() {
    return exchange;
  }

  @Override
  public byte[] bytes(long handle) {
    return kernel.block(handle);
  }

  @Override
  public String text(long handle) {
    return new String(kernel.block(handle), StandardCharsets.UTF_8);
  }

  @Override
  public long store(byte[] bytes) {
    return kernel.store(bytes);
  }
}
