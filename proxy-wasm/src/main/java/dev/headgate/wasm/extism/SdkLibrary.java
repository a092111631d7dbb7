package dev.headgate.wasm.extism;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.extism.sdk.ExtismCurrentPlugin;
import org.extism.sdk.HostFunction;
import org.extism.sdk.HostUserData;
import org.extism.sdk.LibExtism;
import org.extism.sdk.LibExtism.ExtismVal;
import org.extism.sdk.LibExtism.ExtismValType;

/**
 * libextism by the interface that Extism's SDK binds it with. Not by the SDK's {@code Plugin}: that
 * one frees a second time when closed a second time, copies any output whatever its size, and gives
 * nobody a way to cancel a call.
 */
final class SdkLibrary implements NativeLibrary {
  private final LibExtism library;

  /**
   * Loads the library.
   *
   * @throws LinkageError if the SDK or the library is not there
   */
  SdkLibrary() {
    library = LibExtism.INSTANCE;
  }

  @Override
  public String version() {
    return library.extism_version();
  }

  @Override
  public Plugin open(byte[] manifest, List<Function> functions, long fuel) throws Refused {
    List<HostFunction<HostUserData>> bound = new ArrayList<>();
    for (Function function : functions) bound.add(bind(function));
    Pointer[] pointers = bound.stream().map(function -> function.pointer).toArray(Pointer[]::new);
    Pointer[] error = new Pointer[1];
    Pointer made =
        library.extism_plugin_new_with_fuel_limit(
            manifest, manifest.length, pointers, pointers.length, true, fuel, error);
    if (made != null) return new Native(made, bound);
    bound.forEach(HostFunction::free);
    if (error[0] == null) throw new Refused("the library gave no reason");
    String message = error[0].getString(0);
    library.extism_plugin_new_error_free(error[0]);
    throw new Refused(message);
  }

  private static HostFunction<HostUserData> bind(Function function) {
    ExtismValType[] parameters = new ExtismValType[function.parameters()];
    Arrays.fill(parameters, ExtismValType.I64);
    ExtismValType[] results =
        switch (function.result()) {
          case NONE -> new ExtismValType[0];
          case I32 -> new ExtismValType[] {ExtismValType.I32};
          case I64 -> new ExtismValType[] {ExtismValType.I64};
        };
    HostFunction<HostUserData> made =
        new HostFunction<>(
            function.name(),
            parameters,
            results,
            (plugin, in, out, data) -> run(function, plugin, in, out),
            Optional.empty());
    made.setNamespace(function.module());
    return made;
  }

  private static void run(
      Function function, ExtismCurrentPlugin plugin, ExtismVal[] in, ExtismVal[] out) {
    long[] arguments = Arrays.stream(in).mapToLong(value -> value.v.i64).toArray();
    long result = function.body().call(new Shared(plugin), arguments);
    switch (function.result()) {
      case NONE -> {}
      case I32 -> out[0].v.i32 = (int) result;
      case I64 -> out[0].v.i64 = result;
    }
  }

  private record Shared(ExtismCurrentPlugin plugin) implements Memory {
    @Override
    public int length(long handle) {
      return Math.toIntExact(plugin.memoryLength(handle));
    }

    @Override
    public byte[] read(long handle) {
      return plugin.memory().getByteArray(handle, length(handle));
    }

    @Override
    public long store(byte[] bytes) {
      long handle = plugin.alloc(bytes.length);
      if (handle != 0) plugin.memory().write(handle, bytes, 0, bytes.length);
      return handle;
    }
  }

  /** Keeps the functions: the native code calls them as long as the instance is there. */
  private final class Native implements Plugin {
    private final Pointer pointer;
    private final List<HostFunction<HostUserData>> functions;
    private final Pointer cancelHandle;

    Native(Pointer pointer, List<HostFunction<HostUserData>> functions) {
      this.pointer = pointer;
      this.functions = functions;
      this.cancelHandle = library.extism_plugin_cancel_handle(pointer);
    }

    @Override
    public int call(String export, byte[] input) {
      return library.extism_plugin_call(pointer, export, input, input.length);
    }

    @Override
    public String error() {
      String text = library.extism_plugin_error(pointer);
      return text == null ? "" : text;
    }

    @Override
    public int outputLength() {
      return library.extism_plugin_output_length(pointer);
    }

    @Override
    public byte[] output() {
      int length = outputLength();
      if (length == 0) return new byte[0];
      return library.extism_plugin_output_data(pointer).getByteArray(0, length);
    }

    @Override
    public void cancel() {
      library.extism_plugin_cancel(cancelHandle);
    }

    @Override
    public void free() {
      library.extism_plugin_free(pointer);
      functions.forEach(HostFunction::free);
    }
  }
}
