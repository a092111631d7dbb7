package dev.headgate.testkit;

import dev.headgate.api.http.Headers;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.tck.memory.BodyEnding;
import dev.headgate.tck.memory.MemoryCall;
import dev.headgate.tck.memory.MemoryEvent;
import dev.headgate.tck.memory.MemoryHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of one request. Immutable. */
public final class HarnessResult {
  private final @Nullable SeenRequest upstream;
  private final @Nullable MemoryHead head;
  private final byte[] body;
  private final BodyEnding ending;
  private final @Nullable HeaderList trailers;
  private final PluginStatus plugin;
  private final List<MemoryEvent> events;

  HarnessResult(
      @Nullable SeenRequest upstream,
      MemoryCall call,
      PluginStatus plugin,
      List<MemoryEvent> events) {
    this.upstream = upstream;
    this.head = call.head();
    this.body = call.response().bytes();
    this.ending = call.response().ending();
    this.trailers = call.response().trailers();
    this.plugin = plugin;
    this.events = events;
  }

  /**
   * Returns whether the upstream was asked.
   *
   * @return whether a request reached it
   */
  public boolean upstreamAsked() {
    return upstream != null;
  }

  /**
   * Returns what the upstream saw.
   *
   * @return the request
   * @throws AssertionError if it was not asked
   */
  public SeenRequest upstream() {
    if (upstream == null) throw new AssertionError("the upstream was not asked" + log());
    return upstream;
  }

  /**
   * Returns the status that the client saw.
   *
   * @return the status; 0 if no response's head came
   */
  public int status() {
    return head == null ? 0 : head.status();
  }

  /**
   * Returns the fields that the client saw.
   *
   * @return the fields of the final response; none if no head came
   */
  public Headers headers() {
    return head == null ? new HeaderList() : head.headers();
  }

  /**
   * Returns the first line with a name.
   *
   * @param name the name, in any case
   * @return its value, or null
   */
  public @Nullable String header(String name) {
    return headers().get(name);
  }

  /**
   * Returns what the proxy said of itself.
   *
   * @return the field {@code Proxy-Status}, or null
   */
  public @Nullable String proxyStatus() {
    return header("Proxy-Status");
  }

  /**
   * Returns the body that the client saw.
   *
   * @return a copy of the bytes, also of a body that broke off
   */
  public byte[] bytes() {
    return body.clone();
  }

  /**
   * Returns the body that the client saw as text.
   *
   * @return UTF-8 text
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Returns how the response ended for the client.
   *
   * @return clean or not; open if the exchange was still under way
   */
  public BodyEnding ending() {
    return ending;
  }

  /**
   * Returns the trailers that the client saw.
   *
   * @return the fields; null if there were none
   */
  public @Nullable Headers trailers() {
    return trailers;
  }

  /**
   * Returns how many faults of the plugin were counted, since its proxy started.
   *
   * @return 0 or more
   */
  public long faults() {
    return plugin.faults();
  }

  /**
   * Returns what the plugin is doing.
   *
   * @return its state after the request
   */
  public PluginState state() {
    return plugin.state();
  }

  private String log() {
    StringBuilder out = new StringBuilder();
    events.forEach(event -> out.append("\n  ").append(event));
    return out.toString();
  }

  /** Shows what happened, step by step. */
  @Override
  public String toString() {
    return "status " + status() + ", ending " + ending + ", faults " + faults() + log();
  }
}
