package dev.headgate.core.exchange;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.error.ProxyError;
import dev.headgate.core.chain.Link;
import dev.headgate.core.concurrent.BlockingCall;
import dev.headgate.core.context.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * Step 12: {@code onResponseComplete} or {@code onError}, by descending priority, then the exchange
 * is closed.
 */
final class EndHooks {
  private final Exchange exchange;
  private final CallContext context;
  private final @Nullable ProxyError error;
  private final ExchangeSummary summary;
  private final Hook hook;
  private final Link[] links;
  private int index;

  EndHooks(
      Exchange exchange, CallContext context, @Nullable ProxyError error, ExchangeSummary summary) {
    this.exchange = exchange;
    this.context = context;
    this.error = error;
    this.summary = summary;
    this.hook = error == null ? Hook.RESPONSE_COMPLETE : Hook.ERROR;
    this.links = error == null ? exchange.chain().complete : exchange.chain().error;
  }

  void run() {
    for (; index < links.length; index++) {
      Link link = links[index];
      if (!exchange.seesEnd(link)) continue;
      if (link.blocking) {
        callBlocking(link);
        return;
      }
      try {
        call(link);
      } catch (Throwable t) {
        fault(link, t);
      }
    }
    exchange.closed();
  }

  private void call(Link link) throws Exception {
    if (error == null) {
      link.interceptor.onResponseComplete(context, summary);
    } else {
      link.interceptor.onError(context, error, summary);
    }
  }

  private void callBlocking(Link link) {
    BlockingCall.run(
        exchange.engine(),
        link.metadata.hookDeadline(),
        () -> {
          call(link);
          return true;
        },
        (ok, thrown) -> {
          if (thrown != null) fault(link, thrown);
          index++;
          run();
        });
  }

  private void fault(Link link, Throwable cause) {
    exchange.fault(link, hook, cause, "the exchange had ended");
  }
}
