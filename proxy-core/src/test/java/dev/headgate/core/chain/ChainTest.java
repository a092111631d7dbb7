package dev.headgate.core.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainTest {
  private final List<String> released = new ArrayList<>();

  /** Overrides two hooks. */
  private static final class Two implements Interceptor {
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      return RequestDecision.proceed();
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) {
      return ResponseDecision.proceed();
    }
  }

  private PluginSlot slot(PluginMetadata metadata, Interceptor interceptor) {
    return new PluginSlot(
        metadata,
        interceptor,
        new PluginHealth(5, Duration.ofSeconds(1)),
        () -> released.add(metadata.id()));
  }

  private PluginSlot slot(String id, int priority) {
    return slot(PluginMetadata.builder(id).priority(priority).build(), new Two());
  }

  private static String ids(Link[] links) {
    return Arrays.toString(links);
  }

  @Test
  void ordersInAndOut() {
    Chain chain = new Chain(List.of(slot("c", 30), slot("a", 10), slot("b1", 20), slot("b2", 20)));
    assertEquals("[a, b1, b2, c]", ids(chain.request));
    assertEquals("[c, b2, b1, a]", ids(chain.responseHeaders));
  }

  @Test
  void holdsOnlyWhoOverridesAHook() {
    Chain chain =
        new Chain(
            List.of(
                slot("a", 1), slot(PluginMetadata.builder("idle").build(), new Interceptor() {})));
    assertEquals("[a]", ids(chain.request));
    assertEquals("[]", ids(chain.responseChunk));
    assertEquals("[a, idle]", ids(chain.all));
  }

  @Test
  void ordersASingleHook() {
    PluginSlot late =
        slot(
            PluginMetadata.builder("x").priority(10).priority(Hook.RESPONSE_HEADERS, 900).build(),
            new Two());
    Chain chain = new Chain(List.of(late, slot("y", 20)));
    assertEquals("[x, y]", ids(chain.request));
    assertEquals("[x, y]", ids(chain.responseHeaders));
  }

  @Test
  void letsItsSlotsGoAfterTheLastExchange() {
    Chain chain = new Chain(List.of(slot("a", 1), slot("b", 2)));
    assertTrue(chain.enter());
    chain.retire();
    assertFalse(chain.enter());
    assertEquals(List.of(), released);
    chain.exit();
    assertEquals(List.of("b", "a"), released);
    assertFalse(chain.enter());
    assertEquals(2, released.size());
  }

  @Test
  void aSlotInTwoChainsOutlivesTheFirst() {
    PluginSlot shared = slot("a", 1);
    Chain first = new Chain(List.of(shared, slot("b", 2)));
    Chain second = new Chain(List.of(shared));
    first.retire();
    assertEquals(List.of("b"), released);
    second.retire();
    assertEquals(List.of("b", "a"), released);
  }

  @Test
  void namesBrokenDependencies() {
    PluginMetadata needs = PluginMetadata.builder("a").priority(1).dependsOn("b", "c").build();
    List<String> mistakes =
        PluginOrder.mistakes(List.of(needs, PluginMetadata.builder("b").priority(2).build()));
    assertEquals(2, mistakes.size());
    assertTrue(mistakes.get(0).contains("'a'") && mistakes.get(0).contains("'b'"));
    assertTrue(mistakes.get(0).contains("comes later"));
    assertTrue(mistakes.get(1).contains("not present"));
  }
}
