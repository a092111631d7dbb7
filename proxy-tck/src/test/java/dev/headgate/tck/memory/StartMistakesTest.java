package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start reports before it has begun. */
class StartMistakesTest {
  private record Plugin(Supplier<PluginMetadata> told) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return told.get();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {};
    }
  }

  private static ProxyBuilder builder() {
    return Proxy.builder().backend(new MemoryBackend()).route("/**", "http://up.test");
  }

  private static List<String> mistakes(ProxyBuilder builder) {
    return assertThrows(ConfigurationException.class, () -> builder.start().close()).mistakes();
  }

  @Test
  @SuppressWarnings("NullAway") // what a plugin must not do
  void pluginsThatFailToTellTheirMetadataAreReportedWithAllElse() {
    String name = Plugin.class.getName();
    assertEquals(
        List.of(
            "port must be 0 to 65535, but was -1",
            "plugin " + name + ": metadata() returned null",
            "plugin " + name + ": metadata() failed: java.lang.IllegalStateException: not now"),
        mistakes(
            builder()
                .port(-1)
                .plugin(new Plugin(() -> null))
                .plugin(
                    new Plugin(
                        () -> {
                          throw new IllegalStateException("not now");
                        }))));
  }

  @Test
  void allowedHostsMustBeHosts() {
    assertEquals(
        List.of(
            "an allowed host must be a name or an address without port, but was 'a.test:80'",
            "an allowed host must be a name or an address without port, but was ''",
            "an allowed host must be a name or an address without port, but was '[::2]:80'"),
        mistakes(builder().allowHosts("A.test", "a.test:80", "", "::2", "[::2]", "[::2]:80")));
  }

  @Test
  void engineMustBeRunning() {
    ProxyEngine engine = ProxyEngine.start(new MemoryBackend(), EngineOptions.defaults());
    engine.close();
    assertEquals(
        List.of("the engine must be running, but was closed"),
        mistakes(Proxy.builder().engine(engine).route("/**", "http://up.test")));
  }

  @Test
  void pluginThatCannotBeLoadedIsReported(@TempDir Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(ProxyPlugin.class.getName()), "no.such.Plugin\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      List<String> mistakes = mistakes(builder().discoverPlugins());
      assertEquals(1, mistakes.size(), mistakes::toString);
      assertTrue(mistakes.get(0).startsWith("plugins can't be discovered: "), mistakes::toString);
      assertTrue(mistakes.get(0).contains("no.such.Plugin"), mistakes::toString);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
