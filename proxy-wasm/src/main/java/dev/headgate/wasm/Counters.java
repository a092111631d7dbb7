package dev.headgate.wasm;

import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What became of a plugin's calls, in all proxies. */
final class Counters {
  private final LongAdder calls = new LongAdder();
  private final LongAdder fuel = new LongAdder();
  private final Map<Reason, LongAdder> failures = new ConcurrentHashMap<>();

  void called() {
    calls.increment();
  }

  void used(long instructions) {
    fuel.add(instructions);
  }

  void failed(Reason reason) {
    failures.computeIfAbsent(reason, key -> new LongAdder()).increment();
  }

  long calls() {
    return calls.sum();
  }

  long fuel() {
    return fuel.sum();
  }

  Map<Reason, Long> failures() {
    Map<Reason, Long> sums = new EnumMap<>(Reason.class);
    failures.forEach((reason, count) -> sums.put(reason, count.sum()));
    return sums;
  }
}
