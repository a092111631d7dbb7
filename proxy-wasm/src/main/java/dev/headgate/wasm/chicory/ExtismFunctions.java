package dev.headgate.wasm.chicory;

import dev.headgate.wasm.chicory.Imports.Body;
import dev.headgate.wasm.chicory.Imports.Offer;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.util.Collections;
import java.util.List;
import org.slf4j.event.Level;

/** The functions of {@code extism:host/env}. */
final class ExtismFunctions {
  static final long[] NOTHING = {};

  /** How the names of the functions begin by which guests read their input. */
  static final String INPUT = "input_";

  private static final String ENV = "extism:host/env";

  static final List<Offer> OFFERS =
      List.of(
          offer("alloc", 1, "i64", (c, m, a) -> one(c.kernel().allocate(a[0]))),
          offer("free", 1, "", (c, m, a) -> none(() -> c.kernel().free(a[0]))),
          offer("length", 1, "i64", (c, m, a) -> one(c.kernel().length(a[0]))),
          offer("length_unsafe", 1, "i64", (c, m, a) -> one(c.kernel().length(a[0]))),
          offer("load_u8", 1, "i32", (c, m, a) -> one(c.kernel().load8(a[0]))),
          offer("load_u64", 1, "i64", (c, m, a) -> one(c.kernel().load64(a[0]))),
          offer(
              "store_u8",
              List.of("i64", "i32"),
              "",
              (c, m, a) -> none(() -> c.kernel().store8(a[0], a[1]))),
          offer("store_u64", 2, "", (c, m, a) -> none(() -> c.kernel().store64(a[0], a[1]))),
          offer("input_offset", 0, "i64", (c, m, a) -> one(c.inputOffset())),
          offer("input_length", 0, "i64", (c, m, a) -> one(c.inputLength())),
          offer("input_load_u8", 1, "i32", (c, m, a) -> one(c.inputLoad8(a[0]))),
          offer("input_load_u64", 1, "i64", (c, m, a) -> one(c.inputLoad64(a[0]))),
          offer("output_set", 2, "", (c, m, a) -> none(() -> c.output(a[0], a[1]))),
          offer("error_set", 1, "", (c, m, a) -> none(() -> c.error(a[0]))),
          offer("error_get", 0, "i64", (c, m, a) -> one(c.error())),
          offer("config_get", 1, "i64", (c, m, a) -> one(c.config(a[0]))),
          offer("var_get", 1, "i64", (c, m, a) -> one(c.variable(a[0]))),
          offer("var_set", 2, "", (c, m, a) -> none(() -> c.variable(a[0], a[1]))),
          offer("log_trace", 1, "", (c, m, a) -> none(() -> c.log(Level.TRACE, a[0]))),
          offer("log_debug", 1, "", (c, m, a) -> none(() -> c.log(Level.DEBUG, a[0]))),
          offer("log_info", 1, "", (c, m, a) -> none(() -> c.log(Level.INFO, a[0]))),
          offer("log_warn", 1, "", (c, m, a) -> none(() -> c.log(Level.WARN, a[0]))),
          offer("log_error", 1, "", (c, m, a) -> none(() -> c.log(Level.ERROR, a[0]))),
          offer("get_log_level", 0, "i32", (c, m, a) -> one(c.logLevel())),
          // Guests made with a kit of Extism import these whether they use them or not.
          offer("http_request", 2, "i64", (c, m, a) -> refuse()),
          offer("http_status_code", 0, "i32", (c, m, a) -> one(0)),
          offer("http_headers", 0, "i64", (c, m, a) -> one(0)));

  private ExtismFunctions() {}

  private static Offer offer(String name, int parameters, String result, Body body) {
    return offer(name, Collections.nCopies(parameters, "i64"), result, body);
  }

  private static Offer offer(String name, List<String> parameters, String result, Body body) {
    List<String> results = result.isEmpty() ? List.of() : List.of(result);
    return new Offer(ENV, name, new Signature(parameters, results), body);
  }

  private static long[] one(long value) {
    return new long[] {value};
  }

  private static long[] none(Runnable action) {
    action.run();
    return NOTHING;
  }

  private static long[] refuse() {
    throw new Refusal(Reason.REFUSED, "http_request: guests have no network");
  }
}
