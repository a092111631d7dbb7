package dev.headgate.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.Session;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Http2Options;
import dev.headgate.core.config.Limits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each setting that takes a number or a duration, given what is too little, too much, or nothing:
 * it is refused at the start, with its value, or a proxy works with it.
 */
class SettingsTest {
  private static final List<Object> INTS = List.of(Integer.MIN_VALUE, -3, -1, 0, 1, 1 << 30);
  private static final List<Object> LONGS = List.of(Long.MIN_VALUE, -3L, -1L, 0L, 1L, 1L << 62);
  private static final List<Object> DURATIONS =
      List.of(
          Duration.ofSeconds(Long.MIN_VALUE),
          Duration.ofSeconds(-1),
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofDays(36_500),
          Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000),
          Duration.ofSeconds(Long.MAX_VALUE));

  /** What settings are collected in, and how a proxy gets them. */
  private record Subject<B>(String name, Supplier<B> fresh, Sink<B> sink) {
    Stream<DynamicTest> tests() {
      return Arrays.stream(fresh.get().getClass().getMethods())
          .filter(method -> !Modifier.isStatic(method.getModifiers()))
          .filter(method -> method.getDeclaringClass() != Object.class)
          .filter(method -> takesNumbers(method.getParameterTypes()))
          .flatMap(
              method ->
                  values(method.getParameterTypes())
                      .map(
                          values ->
                              DynamicTest.dynamicTest(
                                  name + "." + method.getName() + Arrays.toString(values),
                                  () -> check(method, values))));
    }

    private void check(Method method, @Nullable Object... values) throws Exception {
      B builder = fresh.get();
      SettingsTest.check(
          () -> {
            method.setAccessible(true);
            method.invoke(builder, values);
            return proxy -> sink.put(proxy, builder);
          },
          values);
    }
  }

  private interface Sink<B> {
    void put(ProxyBuilder proxy, B settings);
  }

  /** Makes settings; fails, or gives what puts them into a proxy. */
  private interface Making {
    Consumer<ProxyBuilder> make() throws Exception;
  }

  private static boolean takesNumbers(Class<?>... types) {
    return types.length > 0
        && Arrays.stream(types).allMatch(SettingsTest::isNumber)
        && !Arrays.equals(types, new Class<?>[] {long.class, int.class}); // Object.wait
  }

  private static boolean isNumber(Class<?> type) {
    return type == int.class || type == long.class || type == Duration.class;
  }

  /** Each parameter with each value, while the others are harmless. */
  private static Stream<@Nullable Object[]> values(Class<?>... types) {
    List<@Nullable Object[]> all = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      List<@Nullable Object> extremes = new ArrayList<>(extremes(types[i]));
      if (types[i] == Duration.class) extremes.add(null);
      for (Object extreme : extremes) {
        @Nullable Object[] values = Stream.of(types).map(SettingsTest::harmless).toArray();
        values[i] = extreme;
        all.add(values);
      }
    }
    return all.stream();
  }

  private static List<Object> extremes(Class<?> type) {
    return type == int.class ? INTS : type == long.class ? LONGS : DURATIONS;
  }

  private static Object harmless(Class<?> type) {
    if (type == int.class) return 100_000;
    return type == long.class ? (Object) 100_000L : Duration.ofMinutes(1);
  }

  /** A mistake is told with its value; what is no mistake works. */
  private static void check(Making making, @Nullable Object... values) throws Exception {
    try {
      Consumer<ProxyBuilder> made = making.make();
      try (PluginSession proxy = PluginHarness.with(new Idle()).proxy(made).start()) {
        assertEquals(200, proxy.request("GET", "/").upstreamAnswers(200, "hello").run().status());
      }
    } catch (InvocationTargetException e) {
      checkTold(e.getCause(), values);
    } catch (IllegalArgumentException | ConfigurationException e) {
      checkTold(e, values);
    }
  }

  private static void checkTold(@Nullable Throwable refusal, @Nullable Object... values) {
    String message = String.valueOf(refusal == null ? null : refusal.getMessage());
    boolean expected =
        refusal instanceof IllegalArgumentException
            || refusal instanceof ConfigurationException
            || (refusal instanceof NullPointerException && Arrays.asList(values).contains(null));
    if (!expected) fail("not told as a mistake: " + refusal, refusal);
    boolean named = Arrays.stream(values).anyMatch(value -> message.contains("was " + value));
    assertTrue(named || refusal instanceof NullPointerException, message);
  }

  private record Idle(PluginMetadata metadata) implements ProxyPlugin {
    Idle() {
      this(PluginMetadata.builder("idle").build());
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {
        @Override
        public RequestDecision onRequest(ProxyContext ctx) {
          return RequestDecision.later(
              CompletableFuture.completedFuture(RequestDecision.proceed()));
        }
      };
    }
  }

  @TestFactory
  Stream<DynamicTest> buildersOfAProxy() {
    String upstream = "http://upstream.test:8080";
    return Stream.of(
            new Subject<>("Timeouts", Timeouts::builder, (to, from) -> to.timeouts(from.build())),
            new Subject<>(
                "Timeouts of a route",
                Timeouts::builder,
                (to, from) ->
                    to.route(Route.builder("/").target(upstream).timeouts(from.build()).build())),
            new Subject<>(
                "ForwardOptions",
                () -> ForwardOptions.builder().connectPorts(),
                (to, from) -> to.forward(from.build())),
            new Subject<>(
                "PluginMetadata",
                () -> PluginMetadata.builder("other"),
                (to, from) -> to.plugin(new Idle(from.build()))),
            new Subject<>(
                "PluginOptions",
                PluginOptions::new,
                (to, from) -> to.plugin(new Idle(from.apply(PluginMetadata.builder("o").build())))),
            new Subject<>(
                "Session", () -> Session.builder("s"), (to, from) -> to.session(from.build())),
            new Subject<>("Admission", () -> Admission.of(1), (to, from) -> to.admission(from)),
            new Subject<>("Http2Options", Http2Options::defaults, (to, from) -> to.http2(from)))
        .flatMap(Subject::tests);
  }

  /** The proxy's own settings are checked when it starts. */
  @TestFactory
  Stream<DynamicTest> settingsOfAProxy() {
    return Arrays.stream(ProxyBuilder.class.getMethods())
        .filter(method -> method.getReturnType() == ProxyBuilder.class)
        .filter(method -> takesNumbers(method.getParameterTypes()))
        .flatMap(
            method ->
                values(method.getParameterTypes())
                    .map(
                        values ->
                            DynamicTest.dynamicTest(
                                method.getName() + Arrays.toString(values),
                                () -> checkProxy(method, values))));
  }

  private static void checkProxy(Method method, @Nullable Object... values) throws Exception {
    if (method.getName().equals("port") && values[0] instanceof Integer port && port > 0) return;
    check(
        () -> {
          method.invoke(Proxy.builder(), values);
          return proxy -> {
            try {
              method.invoke(proxy, values);
            } catch (ReflectiveOperationException e) {
              throw new LinkageError(e.getMessage(), e);
            }
          };
        },
        values);
  }

  @TestFactory
  Stream<DynamicTest> records() {
    Sink<Object> nowhere = (to, from) -> {};
    return Stream.of(
            record(Admission.class, (to, from) -> to.admission((Admission) from)),
            record(DataRates.class, (to, from) -> to.dataRates((DataRates) from)),
            record(Limits.class, (to, from) -> to.limits((Limits) from)),
            record(Http2Options.class, (to, from) -> to.http2((Http2Options) from)),
            record(EngineOptions.class, nowhere))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> record(Class<? extends Record> type, Sink<Object> sink) {
    Class<?>[] types =
        Stream.of(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    return values(Stream.of(types).filter(SettingsTest::isNumber).toArray(Class<?>[]::new))
        .map(
            values ->
                DynamicTest.dynamicTest(
                    type.getSimpleName() + Arrays.toString(values),
                    () -> {
                      Constructor<?> constructor = type.getDeclaredConstructor(types);
                      @Nullable Object[] all = new Object[types.length];
                      int next = 0;
                      for (int i = 0; i < types.length; i++) {
                        all[i] = isNumber(types[i]) ? values[next++] : other(types[i]);
                      }
                      check(
                          () -> {
                            Object made = constructor.newInstance(all);
                            return proxy -> sink.put(proxy, made);
                          },
                          values);
                    }));
  }

  private static Object other(Class<?> type) {
    return type == String.class ? "name" : Http2Options.defaults();
  }

  @Test
  void mistakesAreToldTogether() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    IllegalArgumentException timeouts =
        assertThrows(
            IllegalArgumentException.class,
            () -> Timeouts.builder().connect(forever).total(Duration.ZERO).tls(null).build());
    assertEquals(
        "invalid timeouts: connect must be a hundred years (PT876000H) at most, but was "
            + forever
            + "; tls must be a duration, but was null; total must be above zero, but was PT0S",
        timeouts.getMessage());
    IllegalArgumentException engine =
        assertThrows(
            IllegalArgumentException.class,
            () -> new EngineOptions(" ", 8, 0, 0, Duration.ZERO, 1, Http2Options.of(0, 65_535), 9));
    for (String name :
        List.of(
            "name",
            "maxBufferBytes",
            "maxConnectionsPerTarget",
            "idleConnectionTimeout",
            "maxResponseHeadBytes",
            "maxStreams",
            "ioThreads")) {
      assertTrue(String.valueOf(engine.getMessage()).contains(name), engine.getMessage());
    }
    ConfigurationException proxy =
        assertThrows(
            ConfigurationException.class,
            () ->
                Proxy.builder()
                    .port(-1)
                    .suspendAfter(-3, forever)
                    .grace(Duration.ofSeconds(-1))
                    .forward(ForwardOptions.builder().connectPorts(0).dnsTtl(forever, null).build())
                    .start());
    // That there is no backend here is told beside them.
    List<String> mistakes =
        proxy.mistakes().stream().filter(told -> !told.startsWith("no backend")).toList();
    assertEquals(7, mistakes.size(), mistakes.toString());
  }
}
