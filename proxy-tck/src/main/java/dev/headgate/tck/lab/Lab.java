package dev.headgate.tck.lab;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.tls.LeafCertificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.opentest4j.TestAbortedException;

/**
 * What a rule works with: proxies on a fresh engine of the backend under test, scripted upstreams
 * and clients, recording plugins, and time. All that it made is closed after the rule, and must
 * have left nothing behind. Thread-safe.
 */
public final class Lab {
  /** A timeout that a rule configures and then lets pass; short, as real time may have to. */
  private static final Duration SHORT = Duration.ofMillis(300);

  private static final Duration CEILING_OF_GRACE = Duration.ofSeconds(10);
  private static final AtomicInteger ENGINES = new AtomicInteger();

  private final TckEnvironment environment;
  private final Driver driver;
  private final EventLog log;
  private final Recorder recorder;
  private final List<Proxy> proxies = new ArrayList<>();
  private final List<TestAuthority> authorities = new ArrayList<>();
  private final Tasks tasks = new Tasks();

  private Lab(TckEnvironment environment, Driver driver, EventLog log) {
    this.environment = environment;
    this.driver = driver;
    this.log = log;
    this.recorder = new Recorder(log);
  }

  /** What is done in a lab. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @param lab the lab
     * @throws Throwable if it fails
     */
    void run(Lab lab) throws Throwable;
  }

  /**
   * Does something in a fresh lab, closes the lab, and checks that nothing is left.
   *
   * @param environment where
   * @param log where to tell what happens
   * @param work what to do
   * @throws Throwable what the work throws, with what was left behind as suppressed; or an {@link
   *     AssertionError} that names what was left behind
   */
  public static void run(TckEnvironment environment, EventLog log, Work work) throws Throwable {
    try (Uncaught uncaught = Uncaught.watch()) {
      Driver driver = environment.open("tck-" + ENGINES.incrementAndGet(), log);
      run(new Lab(environment, driver, log), uncaught, work);
    }
  }

  private static void run(Lab lab, Uncaught uncaught, Work work) throws Throwable {
    Throwable failure = null;
    try {
      work.run(lab);
    } catch (Throwable e) {
      failure = e;
    }
    LeftBehind left = new LeftBehind();
    lab.close(failure == null, left);
    left.addAll(uncaught.findings());
    left.report(failure);
  }

  /**
   * Starts a proxy on the engine under test.
   *
   * @param setup adds routes, plugins and settings
   * @return the running proxy, stopped after the rule
   * @throws RuntimeException what the start throws
   */
  public Proxy proxy(Consumer<? super ProxyBuilder> setup) {
    ProxyBuilder builder = Proxy.builder().engine(engine());
    setup.accept(builder);
    Proxy proxy = builder.start();
    synchronized (proxies) {
      proxies.add(proxy);
    }
    log.add("lab", "proxy started at " + proxy.uri());
    return proxy;
  }

  /**
   * Starts a proxy that sends everything to one upstream.
   *
   * @param origin the upstream
   * @param plugins its plugins, registered in this order
   * @return the running proxy, stopped after the rule
   */
  public Proxy proxy(TestOrigin origin, TestPlugin... plugins) {
    return proxy(
        builder -> {
          builder.route("/**", origin.url());
          for (TestPlugin plugin : plugins) builder.plugin(plugin);
        });
  }

  /**
   * Returns the engine under test.
   *
   * @return the engine, closed after the rule
   */
  public ProxyEngine engine() {
    return driver.engine();
  }

  /**
   * Opens a scripted upstream.
   *
   * @return the upstream, closed after the rule
   */
  public TestOrigin origin() {
    return driver.origin();
  }

  /**
   * Makes a certificate authority.
   *
   * @return the authority, which nobody trusts yet
   * @throws TestAbortedException where there is no such thing
   */
  public TestAuthority authority() {
    LeafCertificates leaves =
        environment
            .newAuthority()
            .orElseThrow(() -> new TestAbortedException("not supported: an authority"));
    TestAuthority authority = new TestAuthority(leaves);
    synchronized (authorities) {
      authorities.add(authority);
    }
    return authority;
  }

  /**
   * Connects a scripted client.
   *
   * @param proxy where to
   * @return the connection, closed after the rule
   * @throws AssertionError if the proxy refuses it
   */
  public TestClient client(Proxy proxy) {
    return tryClient(proxy)
        .orElseThrow(() -> new AssertionError("the proxy refused a connection: " + proxy.uri()));
  }

  /**
   * Connects a scripted client, if the proxy takes connections.
   *
   * @param proxy where to
   * @return the connection, closed after the rule; none if it was refused
   */
  public Optional<TestClient> tryClient(Proxy proxy) {
    return driver.connect(proxy.uri());
  }

  /**
   * Begins a recording plugin.
   *
   * @param id its id
   * @return the plugin, to be set up and given to a proxy
   */
  public TestPlugin plugin(String id) {
    return new TestPlugin(id, recorder, environment::adapt);
  }

  /**
   * Adapts a plugin that is no recording one; those are adapted when they are made.
   *
   * @param plugin as the rule made it
   * @return what to give to a proxy, see {@link TckEnvironment#adapt}
   */
  public ProxyPlugin adapt(ProxyPlugin plugin) {
    return environment.adapt(plugin);
  }

  /**
   * Returns what remembers the calls of all recording plugins.
   *
   * @return the recorder
   */
  public Recorder recorder() {
    return recorder;
  }

  /**
   * Returns the engine's time.
   *
   * @return the time
   */
  public TestTime time() {
    return driver.time();
  }

  /**
   * Returns a timeout to configure where a rule then lets it pass with {@link #pass}.
   *
   * @return 300 ms
   */
  public Duration shortTimeout() {
    return SHORT;
  }

  /** Lets a {@link #shortTimeout()} pass that began before. */
  public void pass() {
    time().advance(SHORT.plusMillis(50));
  }

  /**
   * Returns the environment's bound of back-pressure.
   *
   * @return see {@link TckEnvironment#stallBytes()}
   */
  public long stallBytes() {
    return environment.stallBytes();
  }

  /**
   * Returns a URL whose server refuses connections.
   *
   * @return the URL, without a path
   */
  public String refusingUrl() {
    return driver.refusingUrl();
  }

  /**
   * Returns a URL whose host name does not exist.
   *
   * @return the URL, without a path
   */
  public String unknownHostUrl() {
    return driver.unknownHostUrl();
  }

  /**
   * Returns a URL where connecting neither succeeds nor fails.
   *
   * @return the URL, without a path
   * @throws TestAbortedException where there is no such thing
   */
  public String silentUrl() {
    return driver.silentUrl();
  }

  /** Waits until nothing is going on in the engine, where that can be known. */
  public void settle() {
    driver.settle();
  }

  /**
   * Stops a proxy that has nothing under way, and waits for it.
   *
   * @param proxy the proxy
   */
  public void stop(Proxy proxy) {
    Waits.on("the proxy has stopped", beginStop(proxy, CEILING_OF_GRACE));
  }

  /**
   * Begins to stop a proxy.
   *
   * @param proxy the proxy
   * @param grace how long what is under way may take
   * @return done when nothing is left
   */
  public Future<Void> beginStop(Proxy proxy, Duration grace) {
    log.add("lab", "proxy stops");
    return proxy.stopAsync(grace).toCompletableFuture();
  }

  /** What is done beside a rule. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does it.
     *
     * @throws Exception if it fails
     */
    void run() throws Exception;
  }

  /**
   * Does something beside the rule, as {@link #async} does, where there is no result to wait for.
   *
   * @param step what to do
   */
  public void beside(Step step) {
    Future<Boolean> unused =
        async(
            () -> {
              step.run();
              return true;
            });
  }

  /**
   * Runs a task beside the rule. What it throws fails the rule, even if nobody asks for its result.
   *
   * @param task the task
   * @param <T> the type of its result
   * @return its result
   */
  public <T> Future<T> async(Callable<T> task) {
    return tasks.start(task);
  }

  /**
   * Notes something for the report of a failure.
   *
   * @param what what happened
   */
  public void note(String what) {
    log.add("rule", what);
  }

  /**
   * Waits for an exchange to be over in the proxy: none is in flight.
   *
   * @param proxy the proxy
   */
  public void awaitIdle(Proxy proxy) {
    driver.settle();
    Waits.until("no exchange is in flight", () -> proxy.inFlight() == 0);
  }

  /** Closes everything, and tells what was wrong. */
  private void close(boolean passed, LeftBehind left) {
    if (passed) left.attempt(tasks::join);
    left.attempt(driver::hangUp);
    left.attempt(this::stopProxies);
    left.attempt(() -> left.addAll(driver.leaks()));
    left.attempt(driver::close);
    copy(authorities).forEach(authority -> left.attempt(authority::close));
    left.addAll(recorder.misuses());
  }

  private void stopProxies() {
    List<Proxy> all = copy(proxies);
    for (Proxy proxy : all) awaitIdle(proxy);
    for (Proxy proxy : all) {
      Waits.on("the proxy has stopped", proxy.stopAsync(Duration.ZERO).toCompletableFuture());
    }
  }

  private static <T> List<T> copy(List<T> all) {
    synchronized (all) {
      return List.copyOf(all);
    }
  }
}
