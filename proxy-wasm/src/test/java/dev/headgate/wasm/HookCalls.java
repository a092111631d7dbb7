package dev.headgate.wasm;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;

/** Calls of hooks, for tests without a proxy. */
final class HookCalls {
  private HookCalls() {}

  /** A call whose changes are never made. */
  static HookCall ofRequest() {
    return HookCall.ofHead(Hook.REQUEST, mock(ProxyContext.class, withSettings().stubOnly()));
  }
}
