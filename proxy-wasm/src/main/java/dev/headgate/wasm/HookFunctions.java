package dev.headgate.wasm;

import dev.headgate.wasm.runtime.HostCall;
import dev.headgate.wasm.runtime.HostFunction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What guests can ask the proxy for, in {@code extism:host/user}. */
final class HookFunctions {
  static final List<HostFunction> ALL =
      List.of(
          value("headgate_property", (call, a) -> hook(call).property(call.text(a[0]))),
          action(
              "headgate_property_set",
              2,
              (call, a) -> hook(call).property(call.text(a[0]), call.text(a[1]))),
          value("headgate_header", (call, a) -> hook(call).header(call.text(a[0]))),
          action(
              "headgate_header_set",
              2,
              (call, a) -> hook(call).edit(new HeadEdit.Set(call.text(a[0]), call.text(a[1])))),
          action(
              "headgate_header_add",
              2,
              (call, a) -> hook(call).edit(new HeadEdit.Add(call.text(a[0]), call.text(a[1])))),
          action(
              "headgate_header_remove",
              1,
              (call, a) -> hook(call).edit(new HeadEdit.Remove(call.text(a[0])))),
          value("headgate_attribute", (call, a) -> hook(call).attribute(call.text(a[0]))),
          action(
              "headgate_attribute_set",
              2,
              (call, a) ->
                  hook(call).attribute(call.text(a[0]), a[1] == 0 ? null : call.text(a[1]))),
          action(
              "headgate_response_body", 1, (call, a) -> hook(call).responseBody(call.bytes(a[0]))),
          action("headgate_abort", 2, (call, a) -> hook(call).abort(a[0], call.text(a[1]))),
          action("headgate_drop_chunk", 0, (call, a) -> hook(call).drop()));

  static {
    // On a guest's nearly exhausted stack its initializer could fail, and then for good.
    GuestAttributes.initialize();
  }

  private HookFunctions() {}

  private interface Value {
    @Nullable String get(HostCall call, long[] arguments);
  }

  private interface Action {
    void run(HostCall call, long[] arguments);
  }

  /** A function from a name to a text; 0 where there is none. */
  private static HostFunction value(String name, Value value) {
    return new HostFunction(
        name,
        1,
        true,
        (call, arguments) -> {
          String found = value.get(call, arguments);
          return found == null ? 0 : call.store(found.getBytes(StandardCharsets.UTF_8));
        });
  }

  private static HostFunction action(String name, int parameters, Action action) {
    return new HostFunction(
        name,
        parameters,
        false,
        (call, arguments) -> {
          action.run(call, arguments);
          return 0;
        });
  }

  private static HookCall hook(HostCall call) {
    return (HookCall) Objects.requireNonNull(call.exchange(), "a guest's start is no hook");
  }
}
