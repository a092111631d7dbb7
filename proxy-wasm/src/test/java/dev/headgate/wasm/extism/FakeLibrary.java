package dev.headgate.wasm.extism;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands for libextism, and does what a test says in place of a guest. */
final class FakeLibrary implements NativeLibrary {
  /** What the guest does when an export is called; it may call functions of the host. */
  interface Guest {
    int call(Instance instance);
  }

  final List<byte[]> manifests = new ArrayList<>();
  final List<Instance> instances = new ArrayList<>();
  Guest guest = instance -> 0;
  @Nullable String refuses;
  long fuel;

  @Override
  public String version() {
    return "fake";
  }

  @Override
  public Plugin open(byte[] manifest, List<Function> functions, long fuel) throws Refused {
    if (refuses != null) throw new Refused(refuses);
    manifests.add(manifest);
    this.fuel = fuel;
    Instance made = new Instance(functions);
    instances.add(made);
    return made;
  }

  final class Instance implements Plugin, Memory {
    private final Map<String, Function> functions = new HashMap<>();
    final Map<Long, byte[]> blocks = new HashMap<>();
    byte[] input = new byte[0];
    byte[] output = new byte[0];
    String error = "";
    int cancelled;
    int freed;

    Instance(List<Function> functions) {
      for (Function function : functions) this.functions.put(function.name(), function);
    }

    /** What a guest does that calls a function it imports. */
    long host(String name, long... arguments) {
      return functions.get(name).body().call(this, arguments);
    }

    long block(String text) {
      return store(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int call(String export, byte[] bytes) {
      if (freed > 0) throw new AssertionError("called after it was freed");
      if (export.startsWith("headgate: ")) {
        error = "Function not found: " + export;
        return -1;
      }
      input = bytes;
      return guest.call(this);
    }

    @Override
    public String error() {
      return error;
    }

    @Override
    public int outputLength() {
      return output.length;
    }

    @Override
    public byte[] output() {
      return output;
    }

    @Override
    public void cancel() {
      cancelled++;
    }

    @Override
    public void free() {
      freed++;
    }

    @Override
    public int length(long handle) {
      byte[] block = blocks.get(handle);
      return block == null ? 0 : block.length;
    }

    @Override
    public byte[] read(long handle) {
      return blocks.get(handle);
    }

    @Override
    public long store(byte[] bytes) {
      long handle = 1000L + blocks.size() * 8L;
      blocks.put(handle, bytes);
      return handle;
    }
  }
}
