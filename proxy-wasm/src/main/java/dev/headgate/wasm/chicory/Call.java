package dev.headgate.wasm.chicory;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.HostCall;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What the host functions of one instance share: host memory, and the state of the call under way.
 * Not thread-safe.
 *
 * <p>Host functions run on the guest's stack, which a hostile guest may have nearly used up. A
 * stack overflow in code that others share could leave it broken, and one in the initializer of a
 * class makes that class unusable for good. So they touch nothing but this object: the input is
 * made before the call, log lines wait for its end, and the classes used here are initialized
 * before.
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

  /** Begins a call with its input; null for none. */
  void begin(byte @Nullable [] input, @Nullable Object exchange) {
    this.exchange = exchange;
    inputHandle = input == null ? 0 : kernel.store(input);
    inputLength = input == null ? 0 : input.length;
    output = new byte[0];
    error = 0;
  }

  /** Ends the call: variables are kept or not, log lines go out, host memory is empty again. */
  void end(boolean commit) {
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

  long inputOffset() {
    return inputHandle;
  }

  long inputLength() {
    return inputLength;
  }

  int inputLoad8(long index) {
    return kernel.load8(inputPosition(index, 1));
  }

  long inputLoad64(long index) {
    return kernel.load64(inputPosition(index, 8));
  }

  private long inputPosition(long index, int width) {
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
