package dev.headgate.examples.guide;

import static dev.headgate.examples.guide.Asking.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.registry.PluginRegistry;
import dev.headgate.examples.customplugin.RequestLimitPlugin;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class LifeCycleGuideTest {
  static final class Redactor {
    // tag::metadata[]
    public PluginMetadata metadata() {
      return PluginMetadata.builder("redactor")
          .name("Redactor")
          .version("1.2")
          .priority(510)
          .dependsOn("sso-auth")
          .failurePolicy(FailurePolicy.FAIL_CLOSED)
          .requestBody(BodyEffect.OBSERVES)
          .responseBody(BodyEffect.CHANGES_LENGTH)
          .plainText()
          .build();
    }
    // end::metadata[]
  }

  @Test
  void declaresItself() {
    assertEquals(510, new Redactor().metadata().priority());
  }

  record UsagePlugin(LongConsumer report) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("usage").build();
    }

    // tag::lifecycle[]
    @Override
    public Interceptor createInterceptor(PluginContext context) {
      Duration interval = Duration.parse(context.settings().getOrDefault("interval", "PT1M"));
      LongAdder requests = new LongAdder();
      Runnable flush = () -> report.accept(requests.sumThenReset());
      return new Interceptor() {
        @Override
        public void onProxyStart(ProxyInfo proxy) {
          context.scheduler().scheduleRepeatedly(interval, flush);
        }

        @Override
        public RequestDecision onRequest(ProxyContext ctx) {
          requests.increment();
          return RequestDecision.proceed();
        }

        @Override
        public void onProxyStop(ProxyInfo proxy) {
          flush.run(); // after the last exchange
        }
      };
    }
    // end::lifecycle[]
  }

  @Test
  void flushesAtTheStop() throws Exception {
    List<Long> reports = new CopyOnWriteArrayList<>();
    try (Proxy proxy = Asking.proxy(new UsagePlugin(reports::add))) {
      post(proxy, "/", "");
      post(proxy, "/", "");
    }
    assertEquals(List.of(2L), reports);
  }

  @Test
  void isUsedAsTheProxySays() throws Exception {
    // tag::options[]
    Proxy proxy =
        Proxy.builder()
            .route("/**", "https://api.example.com")
            .plugin(HeaderInjectionPlugin.builder().build())
            .plugin(
                new RequestLimitPlugin(100), options -> options.priority(15).setting("most", "20"))
            .start();
    // end::options[]
    try (proxy) {
      assertTrue(proxy.describe().contains("15  request-limit"), proxy::describe);
      // tag::registry[]
      PluginRegistry plugins = proxy.plugins();
      plugins.register(new UsagePlugin(count -> {}), new PluginOptions());
      plugins.disable("request-limit").thenRun(() -> System.out.println("its last exchange ended"));
      System.out.println(plugins.describe());
      // end::registry[]
      assertEquals(3, plugins.list().size());
    }
  }
}
