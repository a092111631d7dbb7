/**
 * WebAssembly guests as plugins: what a guest is told, what it may answer, how it is loaded,
 * reloaded and found.
 *
 * <p>Start with {@link dev.headgate.wasm.WasmPlugin}. These types know the plugin contract and
 * {@link dev.headgate.wasm.runtime.WasmRuntime}, and nothing of the engine that runs guests.
 */
@NullMarked
package dev.headgate.wasm;

import org.jspecify.annotations.NullMarked;
