/**
 * What runs WebAssembly guests that speak the Extism ABI: load a module, make instances, call their
 * exports, within limits.
 *
 * <p>Start with {@link dev.headgate.wasm.runtime.WasmRuntime}. These types know nothing of HTTP,
 * plugins or hooks, and nothing of the engine behind.
 */
@NullMarked
package dev.headgate.wasm.runtime;

import org.jspecify.annotations.NullMarked;
