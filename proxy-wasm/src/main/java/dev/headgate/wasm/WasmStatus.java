package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin runs at present, and what became of its calls so far, in all proxies together.
 *
 * @param source the file's name, or that of the bytes
 * @param runtime what runs the guest, by {@link dev.headgate.wasm.runtime.WasmRuntime#name()}
 * @param sha256 the hash of the module in force
 * @param loadedAt when it was loaded, by the system's clock
 * @param hooks the hooks that are called
 * @param instances how many instances there are
 * @param reloads how often another content took the place of the one before
 * @param failedReloads how often a content was refused, and the one before stayed
 * @param lastFailedReload when that was for the last time, and why; null when it never was
 * @param calls how many hooks were called
 * @param failures how many of them failed, by reason; without those that never did
 * @param fuelUsed instructions of all calls, as coarse as {@link
 *     dev.headgate.wasm.runtime.WasmLimits#fuel()}
 */
public record WasmStatus(
    String source,
    String runtime,
    String sha256,
    Instant loadedAt,
    Set<Hook> hooks,
    int instances,
    long reloads,
    long failedReloads,
    @Nullable FailedReload lastFailedReload,
    long calls,
    Map<WasmTrapException.Reason, Long> failures,
    long fuelUsed) {
  /**
   * A content that was refused.
   *
   * @param at when, by the system's clock
   * @param why names the file, the symbol and what was expected
   */
  public record FailedReload(Instant at, String why) {}

  /**
   * Copies sets and maps.
   *
   * @param source the file's name, or that of the bytes
   * @param runtime what runs the guest
   * @param sha256 the hash of the module in force
   * @param loadedAt when it was loaded
   * @param hooks the hooks that are called
   * @param instances how many instances there are
   * @param reloads how often another content took the place of the one before
   * @param failedReloads how often a content was refused
   * @param lastFailedReload when that was for the last time, and why
   * @param calls how many hooks were called
   * @param failures how many of them failed, by reason
   * @param fuelUsed instructions of all calls
   */
  public WasmStatus {
    hooks = Set.copyOf(hooks);
    failures = Map.copyOf(failures);
  }

  /** Says the same in plain values, for those who know no guests. */
  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("source", source);
    details.put("runtime", runtime);
    details.put("sha256", sha256);
    details.put("loadedAt", loadedAt.toString());
    details.put("instances", instances);
    details.put("calls", calls);
    Map<String, Object> byReason = new TreeMap<>();
    failures.forEach((reason, count) -> byReason.put(reason.name(), count));
    details.put("failures", byReason);
    details.put("fuelUsed", fuelUsed);
    details.put("reloads", reloads);
    details.put("failedReloads", failedReloads);
    if (lastFailedReload != null) {
      details.put("lastFailedReload", lastFailedReload.at + " " + lastFailedReload.why);
    }
    return details;
  }
}
