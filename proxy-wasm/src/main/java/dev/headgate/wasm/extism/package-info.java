/**
 * Guests on the native library of Extism, where somebody has installed it.
 *
 * <p>Start with {@link dev.headgate.wasm.extism.NativeExtismRuntime}. Only {@link
 * dev.headgate.wasm.extism.SdkLibrary} names types of Extism's SDK, which is an optional
 * dependency; the rest knows nothing of it, nor of HTTP, plugins or hooks.
 */
@NullMarked
package dev.headgate.wasm.extism;

import org.jspecify.annotations.NullMarked;
