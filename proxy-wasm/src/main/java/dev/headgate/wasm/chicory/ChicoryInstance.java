package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One guest. Calls are guarded by the watchdog and metered; a trap is the last call. */
final class ChicoryInstance implements GuestInstance {
  private final ChicoryModule module;
  private final Call call;
  private final Watchdog.Timer timer;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Map<String, Callable> functions = new HashMap<>();
  private @Nullable Instance instance;
  private volatile boolean usable;

  static {
    Reason.values(); // see Call: host functions name reasons
  }

  ChicoryInstance(ChicoryModule module, GuestEnvironment environment) {
    this.module = module;
    this.call = new Call(environment, module.limits());
    this.timer = module.watchdog().timer();
  }

  /** Instantiates the module; what it runs by itself at that time is guarded too. */
  void start() throws WasmTrapException {
    guarded(
        "start",
        module.limits().startDeadline(),
        () -> new byte[0],
        null,
        () -> {
          Instance made =
              Instance.builder(module.module())
                  .withMachineFactory(module.machine())
                  .withImportValues(Imports.bind(module.functions(), call))
                  .withMemoryFactory(limits -> new ByteArrayMemory(within(limits)))
                  .withTableFactory(this::table)
                  .withInitialize(false)
                  .build();
          instance = made; // so that what its start section used up can be told
          made.initialize(false);
          module.exports().forEach((name, type) -> addIfCallable(name, type, made));
          // What a reactor of WASI, or C++, has to run before anything else.
          initialize("_initialize");
          if (!functions.containsKey("_initialize")) initialize("__wasm_call_ctors");
          return 0;
        });
    usable = true;
  }

  private void addIfCallable(String name, Signature type, Instance made) {
    if (!type.parameters().isEmpty()) return;
    functions.put(name, new Callable(made.export(name), !type.results().isEmpty()));
  }

  private void initialize(String name) {
    Callable function = functions.get(name);
    if (function != null) function.function.apply();
  }

  private MemoryLimits within(MemoryLimits declared) {
    int most = Math.min(declared.maximumPages(), module.limits().memoryPages());
    return new MemoryLimits(declared.initialPages(), most);
  }

  /**
   * The engine keeps the present size of a table in the module's own description of it, so that
   * growing would reach into later instances: each gets a description of its own.
   */
  private TableInstance table(Table declared, int initialValue) {
    long least = declared.limits().min();
    long most = Math.max(least, Math.min(declared.limits().max(), module.limits().tableElements()));
    Table own = new Table(declared.elementType(), new TableLimits(least, most));
    return new TableInstance(own, initialValue);
  }

  @Override
  public byte[] call(String export, Supplier<byte[]> input, @Nullable Object exchange)
      throws WasmTrapException {
    if (!usable) throw new IllegalStateException(module.name() + ": the instance is not usable");
    Callable function = functions.get(export);
    if (function == null) {
      throw new IllegalArgumentException(
          module.name() + " exports no function " + export + " without parameters");
    }
    return guarded(export, module.limits().deadline(), input, exchange, function::run);
  }

  private interface Run {
    long run();
  }

  /** An export without parameters. What it returns, if anything, is an error number. */
  private record Callable(ExportFunction function, boolean hasResult) {
    long run() {
      long[] results = function.apply();
      return hasResult ? results[0] : 0;
    }
  }

  private byte[] guarded(
      String what, Duration deadline, Supplier<byte[]> input, @Nullable Object exchange, Run run)
      throws WasmTrapException {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(module.name() + ": the instance is in use");
    }
    boolean commit = false;
    try {
      byte[] bytes = module.readsInput() ? input.get() : null;
      if (instance != null) {
        instance.global(module.fuelGlobal()).setValue(module.limits().fuel());
        instance.global(module.depthGlobal()).setValue(module.limits().callDepth());
      }
      long code =
          timed(
              what,
              deadline,
              () -> {
                call.begin(bytes, exchange);
                return run.run();
              });
      if ((int) code != 0) throw guestError(what, (int) code);
      commit = true;
      return call.output();
    } finally {
      try {
        call.end(commit);
      } finally {
        busy.set(false);
      }
    }
  }

  private long timed(String what, Duration deadline, Run run) throws WasmTrapException {
    Throwable thrown = null;
    long code = 0;
    timer.arm(deadline.toNanos());
    try {
      code = run.run();
    } catch (RuntimeException | Error e) {
      thrown = e; // whatever it is, the timer must not outlive the call
    }
    boolean late = timer.disarm();
    if (thrown == null) return code;
    usable = false;
    throw trap(what, deadline, thrown, late);
  }

  private WasmTrapException trap(String what, Duration deadline, Throwable thrown, boolean late) {
    Reason reason = Traps.reason(thrown, late, usedUp());
    String text =
        switch (reason) {
          case FUEL -> "used up its fuel of " + module.limits().fuel() + " instructions";
          case DEADLINE -> "took longer than " + deadline.toMillis() + " ms";
          case CALL_DEPTH -> "called more than " + module.limits().callDepth() + " functions deep";
          case STACK -> "used up the stack of its thread";
          default -> String.valueOf(thrown.getMessage());
        };
    return new WasmTrapException(reason, module.name() + ", " + what + ": " + text, thrown);
  }

  private @Nullable Reason usedUp() {
    if (left(module.depthGlobal()) < 0) return Reason.CALL_DEPTH;
    return left(module.fuelGlobal()) < 0 ? Reason.FUEL : null;
  }

  /** A trap before anything ran can leave an instance without globals. */
  private long left(int global) {
    if (instance == null) return 0;
    @Nullable GlobalInstance counter = instance.global(global);
    if (counter == null) return 0;
    return global == module.depthGlobal() ? (int) counter.getValue() : counter.getValue();
  }

  private WasmTrapException guestError(String what, int code) {
    String error;
    try {
      error = call.errorText();
    } catch (Refusal e) {
      error = "";
    }
    String text = error.isEmpty() ? "returned the error " + code : error;
    return new WasmTrapException(
        Reason.GUEST_ERROR, module.name() + ", " + what + ": " + text, null);
  }

  @Override
  public long fuelUsed() {
    long most = module.limits().fuel();
    return most - Math.max(0, Math.min(most, left(module.fuelGlobal())));
  }

  @Override
  public boolean usable() {
    return usable;
  }

  @Override
  public void close() {
    usable = false;
    timer.close();
  }
}
