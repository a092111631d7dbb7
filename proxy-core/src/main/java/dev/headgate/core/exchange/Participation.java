package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.chain.Link;
import dev.headgate.core.chain.PluginHealth.Admission;
import dev.headgate.core.context.ExchangeFacts;
import dev.headgate.core.error.PassedOver;
import dev.headgate.core.spi.Engine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which plugins take part in an exchange, and in what of it: some are suspended, some have failed,
 * some stand behind one that answered. Each plugin is a bit of its chain. Part of {@link Exchange},
 * and no object of its own, as there is one for each request.
 */
abstract class Participation {
  private final ProxyEnvironment environment;
  private final Chain chain;
  private final ExchangeFacts facts;

  /** Plugins whose hooks are passed by; the first were never part of the exchange. */
  private volatile long absent;

  private volatile long skipped;
  private volatile long faulted;

  /** Plugins that would change a response's body that must stay as it is. */
  private volatile long bodyless;

  private long trials;

  /**
   * Plugins up to this place saw the exchange begin; those before the second one see the response.
   */
  private volatile int enteredLimit = Chain.MAX_PLUGINS;

  private volatile int responseLimit = Chain.MAX_PLUGINS;
  private volatile @Nullable List<PassedOver> passedOver;

  Participation(ProxyEnvironment environment, Chain chain, ExchangeFacts facts) {
    this.environment = environment;
    this.chain = chain;
    this.facts = facts;
  }

  final ProxyEnvironment environment() {
    return environment;
  }

  final Engine engine() {
    return environment.engine();
  }

  final Chain chain() {
    return chain;
  }

  final ExchangeFacts facts() {
    return facts;
  }

  // --- who takes part

  /**
   * Lets the plugins in that may take part; returns one that must and is suspended, in which case
   * none hears of the exchange.
   */
  final @Nullable Link admit() {
    for (Link link : chain.all) {
      if (!link.slot.health().troubled()) continue;
      Admission admission = link.slot.health().admit(engine().nanoTime());
      if (admission == Admission.TRIAL) trials |= link.bit;
      if (admission != Admission.SUSPENDED) continue;
      if (link.failClosed) {
        heard(false);
        return link;
      }
      absent |= link.bit;
      skipped |= link.bit;
      passOver(link, "suspension");
    }
    return null;
  }

  /** Says whether plugins hear of the exchange: not before its client has been let in. */
  final void heard(boolean byPlugins) {
    enteredLimit = byPlugins ? Chain.MAX_PLUGINS : -1;
    responseLimit = enteredLimit;
  }

  /** A plugin answered or ended the exchange: those behind it never hear of it. */
  final void enteredUpTo(Link link) {
    enteredLimit = link.requestOrder;
    responseLimit = link.requestOrder;
  }

  /**
   * A plugin put another response in place: those behind it and itself have no part in its body.
   */
  final void respondedBy(Link link) {
    responseLimit = Math.min(responseLimit, link.requestOrder);
  }

  /**
   * The response's body must stay as it is: a plugin that would change it is passed by, and says so
   * in Proxy-Status. One that is FAIL_CLOSED goes on: whoever set it up wants that more.
   */
  final void leaveBody(Link link, boolean coded) {
    boolean changes = link.metadata.responseBody() != BodyEffect.OBSERVES;
    boolean recodes = coded && link.metadata.plainText();
    if (link.failClosed || skipsResponse(link) || !(changes || recodes)) return;
    bodyless |= link.bit;
    passOver(link, Hook.RESPONSE_CHUNK.methodName() + " (no-transform)");
  }

  final boolean skips(Link link) {
    return (skipped & link.bit) != 0;
  }

  /** The plugin that answered in {@code onRequest}, and those behind it, do not see the answer. */
  final boolean skipsResponseHead(Link link) {
    return (skipped & link.bit) != 0 || link.requestOrder >= enteredLimit;
  }

  final boolean skipsResponse(Link link) {
    return ((skipped | bodyless) & link.bit) != 0 || link.requestOrder >= responseLimit;
  }

  /** Whether a plugin is told the end. */
  final boolean seesEnd(Link link) {
    return (absent & link.bit) == 0 && link.requestOrder <= enteredLimit;
  }

  // --- faults

  /** The exchange goes on without a plugin. */
  final void skip(Link link) {
    synchronized (this) {
      skipped |= link.bit;
    }
  }

  /** Records a fault: the one place that logs and counts it. */
  final void fault(Link link, Hook hook, Throwable cause, String consequence) {
    synchronized (this) {
      faulted |= link.bit;
    }
    link.slot
        .logger()
        .warn(
            "[{}] plugin {} failed in {}, {}",
            facts.requestId(),
            link.id(),
            hook.methodName(),
            consequence,
            cause);
    if (link.slot.health().fault(engine().nanoTime())) {
      link.slot.logger().warn("plugin {} is suspended after repeated faults", link.id());
    }
    if (!link.failClosed) passOver(link, hook.methodName());
  }

  private synchronized void passOver(Link link, String hook) {
    List<PassedOver> list = passedOver == null ? new ArrayList<>() : new ArrayList<>(passedOver);
    list.add(new PassedOver(link.id(), hook));
    passedOver = list;
  }

  /** Returns what Proxy-Status says of faults that were passed over; null when there were none. */
  final @Nullable String failOpenNote() {
    List<PassedOver> list = passedOver;
    return list == null ? null : environment.errors().failOpenNote(list);
  }

  /** The exchange is over, and all have been told: counts for the plugins' health. */
  final void settle() {
    for (Link link : chain.all) {
      boolean clean = (faulted & link.bit) == 0;
      if ((trials & link.bit) != 0) {
        link.slot.health().trialEnded(clean);
      } else if (clean && link.slot.health().troubled() && (absent & link.bit) == 0) {
        link.slot.health().cleanEnd();
      }
    }
  }
}
