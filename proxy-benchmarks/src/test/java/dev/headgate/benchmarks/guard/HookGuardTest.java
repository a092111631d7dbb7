package dev.headgate.benchmarks.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.chain.PluginHealth;
import dev.headgate.core.chain.PluginSlot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is called: only those who asked for it by overriding. */
class HookGuardTest {
  @Test
  void hooksNobodyOverridesAreNotCalled() {
    Interceptor onlyRequest =
        new Interceptor() {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) {
            return RequestDecision.proceed();
          }
        };
    Chain chain = new Chain(List.of(slot("none", new Interceptor() {}), slot("one", onlyRequest)));
    assertEquals(2, chain.all.length);
    assertEquals(1, chain.request.length);
    int others =
        chain.connect.length
            + chain.requestChunk.length
            + chain.responseHeaders.length
            + chain.responseChunk.length
            + chain.complete.length
            + chain.error.length;
    assertEquals(0, others);
  }

  private static PluginSlot slot(String id, Interceptor interceptor) {
    return new PluginSlot(
        PluginMetadata.builder(id).build(),
        interceptor,
        new PluginHealth(5, Duration.ofSeconds(30)),
        () -> {});
  }
}
