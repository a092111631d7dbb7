/**
 * An Extism host on the engine Chicory. The only package that knows types of that engine, so that
 * another one, or a successor under another name, changes nothing else.
 *
 * <p>Start with {@link dev.headgate.wasm.chicory.ChicoryRuntime}. These types know nothing of HTTP,
 * plugins or hooks.
 */
@NullMarked
package dev.headgate.wasm.chicory;

import org.jspecify.annotations.NullMarked;
