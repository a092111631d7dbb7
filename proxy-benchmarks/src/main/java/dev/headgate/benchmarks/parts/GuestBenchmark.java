package dev.headgate.benchmarks.parts;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.http.ResponseHead;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole exchange past the guest {@code header-modifier}, past a plugin in Java that does the
 * same, and past none. A guest has two calls in each exchange. The guest is looked for below the
 * directory that the benchmark is started in.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class GuestBenchmark {
  private static final Path GUEST =
      Path.of("proxy-wasm", "plugins", "header-modifier", "header-modifier.wasm");

  /** Who changes the heads. */
  public enum Plugin {
    /** Nobody. */
    NONE,
    /** A plugin in Java. */
    JAVA,
    /** The guest. */
    GUEST
  }

  @Param({"NONE", "JAVA", "GUEST"})
  Plugin plugin = Plugin.NONE;

  private final InlineBackend backend = new InlineBackend(0);

  /**
   * Starts the proxy, which ends with the JVM.
   *
   * @throws WasmLoadException if the guest is not there
   */
  @Setup
  public void start() throws WasmLoadException {
    ProxyEngine engine = ProxyEngine.start(backend, EngineOptions.defaults());
    ProxyBuilder proxy = Proxy.builder().engine(engine).route("/**", "http://127.0.0.1:3");
    switch (plugin) {
      case NONE -> {}
      case JAVA -> proxy.plugin(new HeaderModifier());
      case GUEST -> proxy.plugin(WasmPlugin.builder(GUEST).config("team", "red").build());
    }
    proxy.start();
  }

  /**
   * One exchange.
   *
   * @return its status
   */
  @Benchmark
  public int exchange() {
    return backend.exchange().status();
  }

  /** What the guest does, in Java. */
  private static final class HeaderModifier implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder("header-modifier").build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {
        @Override
        public RequestDecision onRequest(ProxyContext ctx) {
          ctx.request().headers().set("X-Team", "red");
          ctx.request().headers().remove("X-Internal");
          ctx.request().headers().add("X-Passed", "header-modifier");
          return RequestDecision.proceed();
        }

        @Override
        public ResponseDecision onResponseHeaders(ProxyContext ctx) {
          ResponseHead head = Objects.requireNonNull(ctx.response());
          head.headers().remove("Server");
          head.headers().set("X-Served-By", "headgate");
          return ResponseDecision.proceed();
        }
      };
    }
  }
}
