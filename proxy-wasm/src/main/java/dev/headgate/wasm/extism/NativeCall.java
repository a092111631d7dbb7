package dev.headgate.wasm.extism;

import dev.headgate.wasm.extism.NativeLibrary.Function;
import dev.headgate.wasm.extism.NativeLibrary.Memory;
import dev.headgate.wasm.extism.NativeLibrary.Result;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.HostCall;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The functions of one instance, and the state of its call under way. Variables and log lines are
 * kept here in place of the library's own functions, which keep variables for each instance by
 * itself, and write lines where nobody of ours reads them. For one thread at a time.
 *
 * <p>No exception passes through native code: the first one is kept, the call is cancelled, and
 * nothing that the guest asks for until it has ended is done.
 */
final class NativeCall {
  private static final String ENV = "extism:host/env";
  private static final String USER = "extism:host/user";

  private record Line(Level level, String text) {}

  /** What a function does, and may throw. */
  private interface Action {
    long run(View view, long[] arguments);
  }

  private final GuestEnvironment environment;
  private final WasmLimits limits;
  private final GuestVariables.Session variables;
  private final List<Line> lines = new ArrayList<>();
  private int lineBytes;
  private int droppedLines;
  private long hostBytes;
  private @Nullable Object exchange;
  private @Nullable Refusal refusal;
  private Runnable cancel = () -> {};

  NativeCall(GuestEnvironment environment, WasmLimits limits) {
    this.environment = environment;
    this.limits = limits;
    this.variables = environment.variables().session();
  }

  /** Sets what ends the call under way. */
  void cancelWith(Runnable action) {
    cancel = action;
  }

  void begin(int inputBytes, @Nullable Object exchange) {
    this.exchange = exchange;
    this.refusal = null;
    this.hostBytes = 0;
    try {
      take(inputBytes);
    } catch (Refusal e) {
      refusal = e;
    }
  }

  /** Returns why the call must fail, whatever the guest returned; null for no reason. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  void end(boolean commit) {
    exchange = null;
    variables.end(commit);
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

  private void take(int bytes) {
    hostBytes += bytes;
    if (hostBytes > limits.hostMemoryBytes()) {
      throw new Refusal(
          Reason.HOST_MEMORY,
          hostBytes + " bytes of host memory are over the limit of " + limits.hostMemoryBytes());
    }
  }

  /** Functions that do nothing, for a look at a module that runs nothing of it. */
  static List<Function> inert(List<HostFunction> user) {
    GuestEnvironment.Log silent =
        new GuestEnvironment.Log() {
          @Override
          public boolean enabled(Level level) {
            return false;
          }

          @Override
          public void line(Level level, String line) {}
        };
    WasmLimits limits = WasmLimits.defaults();
    return new NativeCall(new GuestEnvironment(Map.of(), new GuestVariables(0), silent), limits)
        .functions(user);
  }

  /** Returns the functions of the instance. */
  List<Function> functions(List<HostFunction> user) {
    List<Function> all = new ArrayList<>();
    all.add(env("var_get", 1, Result.I64, (view, a) -> variable(view, a[0])));
    all.add(env("var_set", 2, Result.NONE, (view, a) -> variable(view, a[0], a[1])));
    all.add(env("log_trace", 1, Result.NONE, (view, a) -> log(view, Level.TRACE, a[0])));
    all.add(env("log_debug", 1, Result.NONE, (view, a) -> log(view, Level.DEBUG, a[0])));
    all.add(env("log_info", 1, Result.NONE, (view, a) -> log(view, Level.INFO, a[0])));
    all.add(env("log_warn", 1, Result.NONE, (view, a) -> log(view, Level.WARN, a[0])));
    all.add(env("log_error", 1, Result.NONE, (view, a) -> log(view, Level.ERROR, a[0])));
    all.add(env("get_log_level", 0, Result.I32, (view, a) -> logLevel()));
    all.add(
        env(
            "http_request",
            2,
            Result.I64,
            (view, a) -> {
              throw new Refusal(Reason.REFUSED, "http_request: guests have no network");
            }));
    for (HostFunction function : user) {
      all.add(
          function(
              USER,
              function.name(),
              function.parameters(),
              function.returns() ? Result.I64 : Result.NONE,
              (view, a) -> function.body().call(view, a)));
    }
    return all;
  }

  private Function env(String name, int parameters, Result result, Action action) {
    return function(ENV, name, parameters, result, action);
  }

  private Function function(
      String module, String name, int parameters, Result result, Action action) {
    return new Function(
        module,
        name,
        parameters,
        result,
        (memory, arguments) -> {
          if (refusal != null) return 0;
          try {
            return action.run(new View(memory), arguments);
          } catch (Refusal e) {
            refuse(e);
          } catch (IllegalArgumentException | IllegalStateException e) {
            refuse(new Refusal(Reason.REFUSED, name + ": " + e.getMessage()));
          } catch (RuntimeException | Error e) {
            refuse(new Refusal(Reason.TRAP, name + ": " + e));
          }
          return 0;
        });
  }

  private void refuse(Refusal reason) {
    refusal = reason;
    cancel.run();
  }

  private long variable(View view, long name) {
    try {
      byte[] value = variables.get(view.text(name));
      return value == null ? 0 : view.store(value);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** A value of 0 removes the variable. */
  private long variable(View view, long name, long value) {
    try {
      if (variables.put(view.text(name), value == 0 ? null : view.bytes(value))) return 0;
    } catch (InterruptedException e) {
      throw interrupted();
    }
    throw new Refusal(
        Reason.VARIABLES,
        "the variables would be over the limit of " + limits.variableBytes() + " bytes");
  }

  private static Refusal interrupted() {
    Thread.currentThread().interrupt();
    return new Refusal(Reason.INTERRUPTED, "interrupted while waiting for variables");
  }

  private long log(View view, Level level, long handle) {
    if (!environment.log().enabled(level)) return 0;
    byte[] text = view.bytes(handle);
    if (lineBytes + text.length > limits.logBytes() || lines.size() >= 1000) {
      droppedLines++;
      return 0;
    }
    lineBytes += text.length;
    lines.add(new Line(level, new String(text, StandardCharsets.UTF_8)));
    return 0;
  }

  /** Returns the least level wanted, by the numbers of the Extism ABI. */
  private long logLevel() {
    Level[] levels = {Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR};
    for (int i = 0; i < levels.length; i++) {
      if (environment.log().enabled(levels[i])) return i;
    }
    return Integer.MAX_VALUE;
  }

  /** What a function sees of the call, as long as it runs. */
  private final class View implements HostCall {
    private final Memory memory;

    View(Memory memory) {
      this.memory = memory;
    }

    @Override
    public @Nullable Object exchange() {
      return exchange;
    }

    @Override
    public byte[] bytes(long handle) {
      int length = memory.length(handle);
      if (length <= 0) throw new Refusal(Reason.BAD_HANDLE, handle + " is no block");
      take(length);
      return memory.read(handle);
    }

    @Override
    public String text(long handle) {
      return new String(bytes(handle), StandardCharsets.UTF_8);
    }

    @Override
    public long store(byte[] bytes) {
      if (bytes.length == 0) return 0;
      take(bytes.length);
      long handle = memory.store(bytes);
      if (handle == 0) throw new Refusal(Reason.HOST_MEMORY, "the library has no memory left");
      return handle;
    }
  }
}
