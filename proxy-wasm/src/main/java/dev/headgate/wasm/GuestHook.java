package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.Signature;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The exports of a guest that the proxy calls, and what they must look like. */
final class GuestHook {
  /** A function that a guest exports to say which contract it keeps to. It is never called. */
  static final String ABI = "headgate_abi_v1";

  private static final Signature ABI_SIGNATURE = new Signature(List.of(), List.of());
  private static final Signature SIGNATURE = new Signature(List.of(), List.of("i32"));

  private static final Map<Hook, String> EXPORTS =
      Map.of(
          Hook.REQUEST, "on_request",
          Hook.CONNECT, "on_connect",
          Hook.REQUEST_CHUNK, "on_request_chunk",
          Hook.RESPONSE_HEADERS, "on_response_headers",
          Hook.RESPONSE_CHUNK, "on_response_chunk",
          Hook.RESPONSE_COMPLETE, "on_response_complete",
          Hook.ERROR, "on_error");

  private GuestHook() {}

  /** Returns the export's name; a hook that guests don't have is a mistake of the caller. */
  static String export(Hook hook) {
    String name = EXPORTS.get(hook);
    if (name == null) {
      throw new IllegalArgumentException("guests have no hook " + hook.methodName());
    }
    return name;
  }

  /** Returns the hook of an export, or throws naming those there are. */
  static Hook hook(String export) {
    return EXPORTS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(export))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("there is no hook '" + export + "', only " + names()))
        .getKey();
  }

  /** Returns the hooks that a module exports; adds what is wrong with its exports. */
  static Set<Hook> exported(Map<String, Signature> exports, List<String> mistakes) {
    Signature abi = exports.get(ABI);
    if (abi == null) {
      mistakes.add("does not export " + ABI + ", by which guests tell their contract");
    } else if (!abi.equals(ABI_SIGNATURE)) {
      mistakes.add("exports " + ABI + " as " + abi + ", but it must be " + ABI_SIGNATURE);
    }
    for (String name : new TreeSet<>(exports.keySet())) {
      if (name.startsWith("on_") && !EXPORTS.containsValue(name)) {
        mistakes.add("exports " + name + ", which is no hook: there are " + names());
      }
    }
    Set<Hook> found = EnumSet.noneOf(Hook.class);
    Arrays.stream(Hook.values())
        .filter(EXPORTS::containsKey)
        .forEach(
            hook -> {
              Signature signature = exports.get(export(hook));
              if (signature == null) return;
              found.add(hook);
              if (!signature.equals(SIGNATURE)) {
                mistakes.add(
                    String.format(
                        "exports %s as %s, but it must be %s", export(hook), signature, SIGNATURE));
              }
            });
    return found;
  }

  /** The names of all hooks, for messages. */
  static Set<String> names() {
    return new TreeSet<>(EXPORTS.values());
  }
}
