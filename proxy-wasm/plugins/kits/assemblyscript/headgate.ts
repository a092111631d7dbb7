/**
 * Headgate guest kit for AssemblyScript, contract version 1. In the guest, say
 *
 *   export { headgate_abi_v1 } from "./headgate";
 *
 * and compile it with `--runtime incremental --use abort=headgate/abort`, where `headgate` is the
 * path of this file without its ending, seen from where the compiler runs.
 *
 * A hook returns 0, or what `fail` returns, which makes the call a fault.
 */

// @ts-ignore: decorator
@external("extism:host/env", "alloc") declare function alloc(length: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "length") declare function length(block: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "load_u8") declare function load_u8(offset: u64): u32;
// @ts-ignore: decorator
@external("extism:host/env", "store_u8") declare function store_u8(offset: u64, value: u32): void;
// @ts-ignore: decorator
@external("extism:host/env", "input_length") declare function input_length(): u64;
// @ts-ignore: decorator
@external("extism:host/env", "input_load_u8") declare function input_load_u8(offset: u64): u32;
// @ts-ignore: decorator
@external("extism:host/env", "output_set") declare function output_set(offset: u64, length: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "error_set") declare function error_set(message: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "config_get") declare function config_get(name: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "var_get") declare function var_get(name: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "var_set") declare function var_set(name: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "log_info") declare function log_info(message: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "log_error") declare function log_error(message: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_property") declare function headgate_property(name: u64): u64;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_property_set") declare function headgate_property_set(name: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_header") declare function headgate_header(name: u64): u64;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_header_set") declare function headgate_header_set(name: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_header_add") declare function headgate_header_add(name: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_header_remove") declare function headgate_header_remove(name: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_attribute") declare function headgate_attribute(name: u64): u64;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_attribute_set") declare function headgate_attribute_set(name: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_response_body") declare function headgate_response_body(body: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_abort") declare function headgate_abort(status: u64, reason: u64): void;
// @ts-ignore: decorator
@external("extism:host/user", "headgate_drop_chunk") declare function headgate_drop_chunk(): void;

/** Says which contract the guest keeps to. */
export function headgate_abi_v1(): void {}

function block(bytes: ArrayBuffer): u64 {
  const view = Uint8Array.wrap(bytes);
  const handle = alloc(view.length);
  for (let i = 0; i < view.length; i++) store_u8(handle + i, view[i]);
  return handle;
}

/** By the length in UTF-8, not in UTF-16. */
function text(value: string): u64 {
  return block(String.UTF8.encode(value));
}

function bytes(handle: u64): ArrayBuffer {
  const size = <i32>length(handle);
  const view = new Uint8Array(size);
  for (let i = 0; i < size; i++) view[i] = <u8>load_u8(handle + i);
  return view.buffer;
}

function optional(handle: u64): string | null {
  return handle == 0 ? null : String.UTF8.decode(bytes(handle));
}

export function input(): ArrayBuffer {
  const size = <i32>input_length();
  const view = new Uint8Array(size);
  for (let i = 0; i < size; i++) view[i] = <u8>input_load_u8(i);
  return view.buffer;
}

export function output(value: ArrayBuffer): void {
  output_set(block(value), value.byteLength);
}

export function outputText(value: string): void {
  output(String.UTF8.encode(value));
}

/** Says why the hook fails; returns what it has to return. */
export function fail(message: string): i32 {
  error_set(text(message));
  return 1;
}

export function config(name: string): string | null {
  return optional(config_get(text(name)));
}

export function variable(name: string): ArrayBuffer | null {
  const handle = var_get(text(name));
  return handle == 0 ? null : bytes(handle);
}

export function setVariable(name: string, value: ArrayBuffer): void {
  var_set(text(name), block(value));
}

export function property(name: string): string | null {
  return optional(headgate_property(text(name)));
}

export function setProperty(name: string, value: string): void {
  headgate_property_set(text(name), text(value));
}

export function header(name: string): string | null {
  return optional(headgate_header(text(name)));
}

export function setHeader(name: string, value: string): void {
  headgate_header_set(text(name), text(value));
}

export function addHeader(name: string, value: string): void {
  headgate_header_add(text(name), text(value));
}

export function removeHeader(name: string): void {
  headgate_header_remove(text(name));
}

export function attribute(name: string): string | null {
  return optional(headgate_attribute(text(name)));
}

export function setAttribute(name: string, value: string): void {
  headgate_attribute_set(text(name), text(value));
}

/** Sets the body of the response that the output describes, in place of its text. */
export function responseBody(value: ArrayBuffer): void {
  headgate_response_body(block(value));
}

/** Ends the exchange with an error; the reason is shown to the client. */
export function abortExchange(status: i32, reason: string): void {
  headgate_abort(status, text(reason));
}

export function dropChunk(): void {
  headgate_drop_chunk();
}

export function info(message: string): void {
  log_info(text(message));
}

/** Called by the compiler's own code for failed assertions, in place of an import. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const place = file === null ? "" : file + ":" + line.toString();
  log_error(text((message === null ? "abort" : message) + " at " + place));
  unreachable();
}
