package dev.headgate.core.chain;

import dev.headgate.api.Hook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The plugins of a proxy between two changes: for each hook an array of those that override it, in
 * calling order. Immutable but for the number of exchanges that run on it; those finish on it after
 * it was replaced.
 */
public final class Chain {
  /** Most plugins in one chain: an exchange keeps a bit for each. */
  public static final int MAX_PLUGINS = 63;

  private static final int RETIRED = 1 << 30;

  /** All plugins, by ascending order of {@code onRequest}. */
  public final Link[] all;

  /** For {@code onRequest}, ascending. */
  public final Link[] request;

  /** For {@code onConnect}, ascending. */
  public final Link[] connect;

  /** For {@code onRequestChunk}, ascending. */
  public final Link[] requestChunk;

  /** For {@code onResponseHeaders}, descending. */
  public final Link[] responseHeaders;

  /** For {@code onResponseChunk}, descending. */
  public final Link[] responseChunk;

  /** For {@code onResponseComplete}, descending. */
  public final Link[] complete;

  /** For {@code onError}, descending. */
  public final Link[] error;

  private final AtomicInteger exchanges = new AtomicInteger();

  /**
   * Builds a chain and holds its slots.
   *
   * @param slots the plugins in the order of their registration
   * @throws IllegalArgumentException naming each broken dependency, or too many plugins
   */
  public Chain(List<PluginSlot> slots) {
    List<String> mistakes = PluginOrder.mistakes(slots.stream().map(PluginSlot::metadata).toList());
    if (!mistakes.isEmpty()) throw new IllegalArgumentException(String.join("; ", mistakes));
    List<PluginSlot> ordered = new ArrayList<>(slots);
    ordered.sort(Comparator.comparingInt(slot -> slot.metadata().priority(Hook.REQUEST)));
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) links.add(new Link(ordered.get(i), i));
    // Registration order, from which each hook's stable sort starts.
    List<Link> registered = new ArrayList<>();
    for (PluginSlot slot : slots) registered.add(links.get(ordered.indexOf(slot)));
    all = links.toArray(Link[]::new);
    request = ascending(registered, Hook.REQUEST);
    connect = ascending(registered, Hook.CONNECT);
    requestChunk = ascending(registered, Hook.REQUEST_CHUNK);
    responseHeaders = descending(registered, Hook.RESPONSE_HEADERS);
    responseChunk = descending(registered, Hook.RESPONSE_CHUNK);
    complete = descending(registered, Hook.RESPONSE_COMPLETE);
    error = descending(registered, Hook.ERROR);
    for (Link link : all) link.slot.hold();
  }

  private static Link[] ascending(List<Link> links, Hook hook) {
    return links.stream()
        .filter(link -> link.slot.hooks().contains(hook))
        .sorted(Comparator.comparingInt(link -> link.priority(hook)))
        .toArray(Link[]::new);
  }

  private static Link[] descending(List<Link> links, Hook hook) {
    Link[] ascending = ascending(links, hook);
    Link[] reversed = new Link[ascending.length];
    for (int i = 0; i < ascending.length; i++) reversed[ascending.length - 1 - i] = ascending[i];
    return reversed;
  }

  /**
   * Returns whether any plugin is told the ends of exchanges.
   *
   * @return whether one is
   */
  public boolean hearsEnds() {
    return complete.length + error.length > 0;
  }

  /**
   * Enters an exchange.
   *
   * @return false if the chain has been replaced: take the new one
   */
  public boolean enter() {
    if ((exchanges.getAndIncrement() & RETIRED) == 0) return true;
    exit();
    return false;
  }

  /** Ends what a successful {@link #enter()} began. */
  public void exit() {
    if (exchanges.decrementAndGet() == RETIRED) drained();
  }

  /**
   * Says that the chain has been replaced; its slots are let go once the last exchange has ended.
   */
  public void retire() {
    // Counts itself as an exchange, so that the mark and the check for the last one are one step.
    exchanges.addAndGet(RETIRED + 1);
    exit();
  }

  private void drained() {
    // A late enter() and exit() could come here again.
    if (exchanges.compareAndSet(RETIRED, RETIRED | (RETIRED >> 1))) {
      for (int i = all.length - 1; i >= 0; i--) all[i].slot.letGo();
    }
  }
}
