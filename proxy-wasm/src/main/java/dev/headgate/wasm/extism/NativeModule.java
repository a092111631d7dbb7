package dev.headgate.wasm.extism;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.headgate.wasm.chicory.ModuleFacts;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A module that was checked here. The library compiles it for each instance. */
final class NativeModule implements GuestModule {
  private static final int PAGE = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  private final NativeLibrary library;
  private final ModuleSource source;
  private final ModuleFacts facts;
  private final WasmLimits limits;
  private final List<HostFunction> functions;

  NativeModule(
      NativeLibrary library,
      ModuleSource source,
      ModuleFacts facts,
      WasmLimits limits,
      List<HostFunction> functions) {
    this.library = library;
    this.source = source;
    this.facts = facts;
    this.limits = limits;
    this.functions = List.copyOf(functions);
  }

  String name() {
    return source.name();
  }

  ModuleFacts facts() {
    return facts;
  }

  WasmLimits limits() {
    return limits;
  }

  @Override
  public Map<String, Signature> exports() {
    return facts.exports();
  }

  /** Lets the library look at the module, which runs nothing of it. */
  void tryOut() throws WasmLoadException {
    try {
      library.open(manifest(Map.of()), NativeCall.inert(functions), limits.fuel()).free();
    } catch (NativeLibrary.Refused e) {
      throw new WasmLoadException(name() + ": libextism refuses it: " + e.getMessage(), e);
    }
  }

  @Override
  public GuestInstance instantiate(GuestEnvironment environment) throws WasmTrapException {
    NativeCall call = new NativeCall(environment, limits);
    NativeLibrary.Plugin plugin;
    try {
      plugin =
          library.open(manifest(environment.config()), call.functions(functions), limits.fuel());
    } catch (NativeLibrary.Refused e) {
      throw new WasmTrapException(Reason.TRAP, name() + ", start: " + e.getMessage(), e);
    }
    call.cancelWith(plugin::cancel);
    NativeInstance instance = new NativeInstance(this, call, plugin);
    try {
      instance.start();
      return instance;
    } catch (WasmTrapException e) {
      instance.close();
      throw e;
    }
  }

  /**
   * The manifest, which is more than the SDK's own class can say: that one has no time-out and no
   * limit of variables.
   */
  private byte[] manifest(Map<String, String> config) {
    // The library counts what both memories grow by after the start, and the input among it.
    int pages =
        limits.memoryPages() - facts.initialPages() + (limits.hostMemoryBytes() + PAGE - 1) / PAGE;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeArrayFieldStart("wasm");
      out.writeStartObject();
      out.writeStringField("name", "main");
      out.writeBinaryField("data", source.bytes());
      out.writeEndObject();
      out.writeEndArray();
      out.writeObjectFieldStart("memory");
      out.writeNumberField("max_pages", pages);
      out.writeNumberField("max_http_response_bytes", 0);
      out.writeEndObject();
      out.writeObjectFieldStart("config");
      for (Map.Entry<String, String> entry : config.entrySet()) {
        out.writeStringField(entry.getKey(), entry.getValue());
      }
      out.writeEndObject();
      out.writeArrayFieldStart("allowed_hosts");
      out.writeEndArray();
      out.writeNumberField("timeout_ms", millis(limits.deadline()));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Rounds up: the library counts in milliseconds, and 0 would be none. */
  private static long millis(Duration time) {
    return time.plusNanos(999_999).toMillis();
  }

  @Override
  public void close() {
    // The library holds nothing for a module without instances.
  }
}
