package dev.headgate.tck.broken;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Chains that order, start or stop plugins wrongly, or heed another policy than theirs. */
final class ChainMutants {
  private static final int MAX_PRIORITY = 1000;

  private ChainMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        metadata("calls plugins in reverse", "P-01", "but was: <[b, a]>", ChainMutants::reversed),
        metadata("does not turn round for responses", "P-02", "<[a, b]>", ChainMutants::notTurning),
        metadata(
            "takes all plugins for observers", "P-80", "but was: <3>", ChainMutants::observing),
        metadata("takes FAIL_CLOSED for open", "P-35", Mutant.IN_VAIN, ChainMutants::open)
            .hanging(),
        interceptor("does not stop plugins", "L-03", "but was: <[]>", Unstopped::new),
        interceptor("starts plugins twice", "L-02", "a.onProxyStart, a.onProxyStart", Twice::new));
  }

  private static Mutant metadata(
      String what, String rule, String telling, UnaryOperator<PluginMetadata> change) {
    return Mutant.chain(what, rule, telling, Breaches.metadata(change));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    UnaryOperator<ProxyPlugin> breach = Breaches.interceptor(around);
    return Mutant.chain(what, rule, telling, breach);
  }

  static PluginMetadata reversed(PluginMetadata metadata) {
    return with(metadata, MAX_PRIORITY - metadata.priority(), Map.of(), metadata.failurePolicy());
  }

  private static PluginMetadata notTurning(PluginMetadata metadata) {
    Map<Hook, Integer> priorities = new HashMap<>(metadata.hookPriorities());
    priorities.put(Hook.RESPONSE_HEADERS, MAX_PRIORITY - metadata.priority());
    return with(metadata, metadata.priority(), priorities, metadata.failurePolicy());
  }

  private static PluginMetadata observing(PluginMetadata metadata) {
    return PluginMetadata.builder(metadata.id()).observesBodies().build();
  }

  private static PluginMetadata open(PluginMetadata metadata) {
    return with(metadata, metadata.priority(), metadata.hookPriorities(), FailurePolicy.FAIL_OPEN);
  }

  private static PluginMetadata with(
      PluginMetadata metadata, int priority, Map<Hook, Integer> priorities, FailurePolicy policy) {
    return new PluginMetadata(
        metadata.id(),
        metadata.name(),
        metadata.version(),
        priority,
        priorities,
        metadata.dependencies(),
        policy,
        metadata.hookDeadline(),
        metadata.stopDeadline(),
        metadata.blocking(),
        metadata.requestBody(),
        metadata.responseBody(),
        metadata.plainText());
  }

  static final class Unstopped extends ForwardingInterceptor {
    Unstopped(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onProxyStop(ProxyInfo proxy) {}
  }

  private static final class Twice extends ForwardingInterceptor {
    Twice(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onProxyStart(ProxyInfo proxy) throws Exception {
      super.onProxyStart(proxy);
      super.onProxyStart(proxy);
    }
  }
}
