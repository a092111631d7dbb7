package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.GuestModule;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One content of a plugin's module, from its load to its replacement, and its pools. */
final class Generation {
  private final GuestModule module;
  private final String sha256;
  private final Set<Hook> hooks;
  private final Instant loadedAt;
  private final Set<InstancePool> pools = ConcurrentHashMap.newKeySet();
  private volatile boolean retired;

  Generation(GuestModule module, String sha256, Set<Hook> hooks, Instant loadedAt) {
    this.module = module;
    this.sha256 = sha256;
    this.hooks = Set.copyOf(hooks);
    this.loadedAt = loadedAt;
  }

  GuestModule module() {
    return module;
  }

  String sha256() {
    return sha256;
  }

  /** Returns the hooks that the module exports. */
  Set<Hook> hooks() {
    return hooks;
  }

  Instant loadedAt() {
    return loadedAt;
  }

  void add(InstancePool pool) {
    pools.add(pool);
    if (retired) remove(pool);
  }

  void remove(InstancePool pool) {
    pools.remove(pool);
    pool.close();
  }

  int instances() {
    return pools.stream().mapToInt(InstancePool::instances).sum();
  }

  /** Closes the pools; calls under way end on the instances that they have. */
  void retire() {
    retired = true;
    pools.forEach(this::remove);
    module.close();
  }
}
