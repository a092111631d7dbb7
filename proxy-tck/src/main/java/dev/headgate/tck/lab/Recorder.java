package dev.headgate.tck.lab;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.error.ProxyError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the calls of all {@link TestPlugin}s of a run in one order, and watches that those of
 * one direction of an exchange do not overlap, and that none comes after the plugin was told the
 * end. Thread-safe.
 */
public final class Recorder {
  private static final byte[] NO_BYTES = {};

  /** Of so many calls of one chunk hook the log tells; the last is told in any case. */
  private static final int MAX_LOGGED = 50;

  private final EventLog log;
  private final List<HookCall> calls = new ArrayList<>();
  private final Map<String, HookCall> running = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<String, Integer> logged = new HashMap<>();
  private final List<String> misuses = new ArrayList<>();

  Recorder(EventLog log) {
    this.log = log;
  }

  /**
   * Returns all calls.
   *
   * @return those so far, in the order in which they began
   */
  public synchronized List<HookCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * Returns the calls of one plugin.
   *
   * @param plugin its id
   * @return those so far, in order
   */
  public List<HookCall> calls(String plugin) {
    return calls().stream().filter(call -> call.plugin().equals(plugin)).toList();
  }

  /**
   * Returns the calls of one hook of one plugin.
   *
   * @param plugin its id
   * @param hook the method's name
   * @return those so far, in order
   */
  public List<HookCall> calls(String plugin, String hook) {
    return calls().stream().filter(is(plugin, hook)).toList();
  }

  /**
   * Returns which plugins' hook was called.
   *
   * @param hook the method's name
   * @return their ids, one for each call, in order
   */
  public List<String> order(String hook) {
    return calls().stream().filter(call -> call.hook().equals(hook)).map(HookCall::plugin).toList();
  }

  /**
   * Returns all calls as {@code plugin.hook}.
   *
   * @return those so far, in order
   */
  public List<String> names() {
    return calls().stream().map(HookCall::name).toList();
  }

  /**
   * Returns how often a hook was called.
   *
   * @param plugin the plugin's id
   * @param hook the method's name
   * @return 0 or more
   */
  public int count(String plugin, String hook) {
    return calls(plugin, hook).size();
  }

  /**
   * Waits for the first call of a hook to begin.
   *
   * @param plugin the plugin's id
   * @param hook the method's name
   * @return the call
   */
  public HookCall await(String plugin, String hook) {
    return await(plugin, hook, 1);
  }

  /**
   * Waits for so many calls of a hook.
   *
   * @param plugin the plugin's id
   * @param hook the method's name
   * @param count how many in all
   * @return the last of them
   */
  public HookCall await(String plugin, String hook, int count) {
    return await(plugin + "." + hook + " is called, " + count + " in all", is(plugin, hook), count);
  }

  /**
   * Waits until a plugin is told the end of an exchange, well or not.
   *
   * @param plugin the plugin's id
   * @return the call of {@code onResponseComplete} or {@code onError}
   */
  public HookCall awaitEnd(String plugin) {
    return awaitEnd(plugin, 1);
  }

  /**
   * Waits until a plugin is told so many ends.
   *
   * @param plugin the plugin's id
   * @param count how many in all
   * @return the last of them
   */
  public HookCall awaitEnd(String plugin, int count) {
    return await(
        plugin + " is told " + count + " ends",
        call -> call.plugin().equals(plugin) && call.summary() != null,
        count);
  }

  private synchronized HookCall await(String what, Predicate<HookCall> which, int count) {
    long end = System.nanoTime() + Waits.ceiling().toNanos();
    while (true) {
      List<HookCall> found = calls.stream().filter(which).toList();
      if (found.size() >= count) return found.get(count - 1);
      long left = end - System.nanoTime();
      if (left <= 0) throw Waits.inVain(what + "; the calls were " + calls);
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        throw Waits.interrupted(what, e);
      }
    }
  }

  /**
   * Returns what was wrong with the calls.
   *
   * @return a line for each overlap, and each call after an end; empty when all is well
   */
  public synchronized List<String> misuses() {
    return List.copyOf(misuses);
  }

  /** Forgets all calls, for the next part of a rule. */
  public synchronized void clear() {
    calls.clear();
  }

  private static Predicate<HookCall> is(String plugin, String hook) {
    return call -> call.plugin().equals(plugin) && call.hook().equals(hook);
  }

  /** Notes a call outside exchanges. */
  void note(String plugin, String hook) {
    add(plugin, hook, "", NO_BYTES, false, null, null);
  }

  /** Notes that a call of an exchange begins; the result is to be given to {@link #leave}. */
  synchronized HookCall enter(
      String plugin,
      String hook,
      String exchange,
      byte @Nullable [] bytes,
      boolean last,
      @Nullable ExchangeSummary summary,
      @Nullable ProxyError error,
      boolean watched) {
    HookCall call =
        add(plugin, hook, exchange, bytes == null ? NO_BYTES : bytes, last, summary, error);
    if (!watched) return call;
    HookCall other = running.putIfAbsent(direction(call), call);
    if (other != null) misuse(call + " began while " + other + " was running");
    String ending = plugin + ' ' + exchange;
    if (ended.contains(ending)) misuse(call + " began after the end was told");
    if (summary != null) ended.add(ending);
    return call;
  }

  synchronized void leave(HookCall call) {
    running.remove(direction(call), call);
  }

  private void misuse(String what) {
    misuses.add(what);
    log.add("recorder", "MISUSE " + what);
  }

  private synchronized HookCall add(
      String plugin,
      String hook,
      String exchange,
      byte[] bytes,
      boolean last,
      @Nullable ExchangeSummary summary,
      @Nullable ProxyError error) {
    HookCall call =
        new HookCall(
            calls.size(),
            plugin,
            hook,
            exchange,
            Thread.currentThread(),
            bytes,
            last,
            summary,
            error);
    calls.add(call);
    if (!hook.endsWith("Chunk")
        || last
        || logged.merge(call.name(), 1, Integer::sum) < MAX_LOGGED) {
      log.add(plugin, call.toString());
    }
    notifyAll();
    return call;
  }

  private static String direction(HookCall call) {
    return call.exchange() + (call.hook().startsWith("onRequest") ? " in" : " out");
  }
}
