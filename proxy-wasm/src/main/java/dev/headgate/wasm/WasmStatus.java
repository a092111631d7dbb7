package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What a plugin runs at present, and what became of its calls so far, in all proxies together.
 *
 * @param source the file's name, or that of the bytes
 * @param sha256 the hash of the module in force
 * @param loadedAt when it was loaded, by the system's clock
 * @param hooks the hooks that are called
 * @param instances how many instances there are
 * @param reloads how often another content took the place of the one before
 * @param failedReloads how often a content was refused, and the one before stayed
 * @param calls how many hooks were called
 * @param failures how many of them failed, by reason; without those that never did
 */
public record WasmStatus(
    String source,
    String sha256,
    Instant loadedAt,
    Set<Hook> hooks,
    int instances,
    long reloads,
    long failedReloads,
    long calls,
    Map<WasmTrapException.Reason, Long> failures) {
  /**
   * Copies sets and maps.
   *
   * @param source the file's name, or that of the bytes
   * @param sha256 the hash of the module in force
   * @param loadedAt when it was loaded
   * @param hooks the hooks that are called
   * @param instances how many instances there are
   * @param reloads how often another content took the place of the one before
   * @param failedReloads how often a content was refused
   * @param calls how many hooks were called
   * @param failures how many of them failed, by reason
   */
  public WasmStatus {
    hooks = Set.copyOf(hooks);
    failures = Map.copyOf(failures);
  }
}
