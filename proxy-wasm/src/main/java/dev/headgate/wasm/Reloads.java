package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generation in force, and how another one comes in its place. Thread-safe. */
final class Reloads {
  private final String pluginId;
  private final GuestLoader loader;
  private final Set<Hook> hooks;
  private final Logger logger;
  private volatile Generation current;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile WasmStatus.@Nullable FailedReload lastFailure;

  Reloads(String pluginId, GuestLoader loader, Set<Hook> hooks, Generation first) {
    this.pluginId = pluginId;
    this.loader = loader;
    this.hooks = hooks;
    this.logger = LoggerFactory.getLogger("dev.headgate.plugin." + pluginId);
    this.current = first;
  }

  Generation current() {
    return current;
  }

  long done() {
    return done.get();
  }

  long failed() {
    return failed.get();
  }

  WasmStatus.@Nullable FailedReload lastFailure() {
    return lastFailure;
  }

  synchronized boolean fromFile() throws WasmLoadException {
    ModuleFile file = loader.file();
    if (file == null) {
      throw new IllegalStateException("plugin '" + pluginId + "' was not built from a file");
    }
    ModuleSource source;
    try {
      source = file.read(loader.limits().moduleBytes());
    } catch (WasmLoadException e) {
      throw failed(e);
    }
    return from(source);
  }

  synchronized boolean from(ModuleSource source) throws WasmLoadException {
    if (source.sha256().equals(current.sha256())) return false;
    try {
      replace(loader.load(source));
    } catch (WasmLoadException e) {
      throw failed(e);
    }
    return true;
  }

  private WasmLoadException failed(WasmLoadException failure) {
    failed.incrementAndGet();
    lastFailure =
        new WasmStatus.FailedReload(
            Clock.systemUTC().instant(), String.valueOf(failure.getMessage()));
    return failure;
  }

  private void replace(Generation next) throws WasmLoadException {
    if (!next.hooks().containsAll(hooks)) {
      next.retire();
      Set<String> missing = new TreeSet<>();
      for (Hook hook : hooks) {
        if (!next.hooks().contains(hook)) missing.add(GuestHook.export(hook));
      }
      throw new WasmLoadException(
          loader.name() + ": no longer exports " + missing + ", which are in use");
    }
    Generation before = current;
    current = next;
    before.retire();
    done.incrementAndGet();
    logger.info("loaded {}, SHA-256 {}", loader.name(), next.sha256());
  }

  /** Looks whether the file has changed; what can't be loaded is logged once, and left. */
  synchronized void ifChanged() {
    ModuleFile file = loader.file();
    if (file == null || !file.changed()) return;
    try {
      fromFile();
    } catch (WasmLoadException e) {
      logger.warn("{} has changed and can't be loaded; the one before stays", loader.name(), e);
    }
  }
}
