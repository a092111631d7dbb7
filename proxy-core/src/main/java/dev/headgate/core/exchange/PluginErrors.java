package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.PluginFault;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.chain.Link;

/** What is told of plugins and handlers that failed, where that ends the exchange. */
final class PluginErrors {
  private PluginErrors() {}

  static ProxyError suspended(Link link) {
    return new PluginFault(
        ErrorCode.PLUGIN_SUSPENDED,
        Phase.REQUEST_HOOKS,
        "Plugin " + link.id() + " is suspended after repeated faults.",
        link.id(),
        Hook.REQUEST.methodName(),
        null);
  }

  static ProxyError failed(Link link, Hook hook, Phase phase, Throwable cause) {
    return new PluginFault(
        ErrorCode.PLUGIN_FAILED,
        phase,
        "Plugin " + link.id() + " failed in " + hook.methodName() + ".",
        link.id(),
        hook.methodName(),
        cause);
  }

  static ProxyError bodyFailed(Link link, Hook hook, Throwable cause) {
    return new PluginFault(
        ErrorCode.PLUGIN_FAILED,
        Phase.SEND_RESPONSE,
        "The body that plugin " + link.id() + " published failed.",
        link.id(),
        hook.methodName(),
        cause);
  }

  static ProxyError handlerFailed(Throwable cause) {
    return new ProxyFault(ErrorCode.INTERNAL, Phase.ROUTE, "The route's handler failed.", cause);
  }
}
