/**
 * Plugins in any language that compiles to WebAssembly, in the same chain and under the same rules
 * as plugins in Java.
 *
 * <p>Start with {@link dev.headgate.wasm.WasmPlugin}.
 */
@SuppressWarnings("requires-automatic") // Extism's SDK and what it binds by name no module
module dev.headgate.wasm {
  requires static com.sun.jna;
  requires static extism;
  requires static org.jspecify;
  requires transitive dev.headgate.api;
  requires com.dylibso.chicory.compiler;
  requires com.dylibso.chicory.runtime;
  requires com.dylibso.chicory.wasm;
  requires com.fasterxml.jackson.core;

  exports dev.headgate.wasm;
  exports dev.headgate.wasm.runtime;
}
