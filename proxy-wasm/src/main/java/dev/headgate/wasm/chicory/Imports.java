package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that a guest may import: the Extism ABI, a part of WASI, and the host's own. */
final class Imports {
  /** Where guests import the host's own functions from. */
  private static final String USER = "extism:host/user";

  /** A function that is offered. Its body gets the call of the instance that it is bound to. */
  record Offer(String module, String name, Signature signature, Body body) {
    String symbol() {
      return module + "." + name;
    }
  }

  /** What an offered function does. */
  @FunctionalInterface
  interface Body {
    long[] call(Call call, GuestMemory memory, long[] arguments);
  }

  private Imports() {}

  /** Returns the signatures by symbol, for the check at load. */
  static Map<String, Signature> signatures(List<HostFunction> functions) {
    Map<String, Signature> signatures = new HashMap<>();
    for (Offer offer : offers(functions)) signatures.put(offer.symbol(), offer.signature());
    return signatures;
  }

  /** Binds all functions to an instance's call. */
  static ImportValues bind(List<HostFunction> functions, Call call) {
    List<Offer> offers = offers(functions);
    ImportFunction[] bound = new ImportFunction[offers.size()];
    for (int i = 0; i < bound.length; i++) {
      Offer offer = offers.get(i);
      Body body = offer.body();
      WasmFunctionHandle handle =
          (instance, arguments) -> body.call(call, new GuestMemory(instance), arguments);
      bound[i] =
          new ImportFunction(
              offer.module(),
              offer.name(),
              FunctionType.of(
                  types(offer.signature().parameters()), types(offer.signature().results())),
              handle);
    }
    return ImportValues.builder().addFunction(bound).build();
  }

  private static List<Offer> offers(List<HostFunction> functions) {
    List<Offer> offers = new ArrayList<>(ExtismFunctions.OFFERS);
    offers.addAll(WasiFunctions.OFFERS);
    for (HostFunction function : functions) offers.add(user(function));
    return offers;
  }

  private static Offer user(HostFunction function) {
    Signature signature =
        new Signature(
            Collections.nCopies(function.parameters(), "i64"),
            function.returns() ? List.of("i64") : List.of());
    return new Offer(
        USER,
        function.name(),
        signature,
        (call, memory, arguments) -> {
          long result = run(function, call, arguments);
          return function.returns() ? new long[] {result} : ExtismFunctions.NOTHING;
        });
  }

  private static long run(HostFunction function, Call call, long[] arguments) {
    try {
      return function.body().call(call, arguments);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Refusal(Reason.REFUSED, function.name() + ": " + e.getMessage());
    }
  }

  private static List<ValType> types(List<String> names) {
    return names.stream().map(name -> name.equals("i32") ? ValType.I32 : ValType.I64).toList();
  }
}
