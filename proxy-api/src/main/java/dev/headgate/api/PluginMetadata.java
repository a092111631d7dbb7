package dev.headgate.api;

import dev.headgate.api.body.BodyEffect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a plugin declares about itself. Immutable; made with {@link #builder(String)}.
 *
 * <p>Priority bands, by custom: 0–10 authentication and security, 11–50 headers, 51–100
 * observability, 101–500 business logic (limits, cache), 501–1000 post-processing.
 *
 * @param id unique in a registry; {@code [a-z0-9][a-z0-9._-]*}, 64 characters at most
 * @param name a name for people
 * @param version a version for people
 * @param priority 0 to 1000; lower is nearer to the client: first on the way in, last on the way
 *     out
 * @param hookPriorities priorities that differ from {@code priority} for single hooks; may be empty
 * @param dependencies ids of plugins that must be present, enabled and earlier in the chain
 * @param failurePolicy what a fault of this plugin does to the exchange
 * @param hookDeadline how long a pending decision ({@code later}, {@code withBody} aside) or a call
 *     on the blocking executor may take before it is a fault; above zero
 * @param stopDeadline how long {@code onProxyStop} may take; above zero
 * @param blocking whether hooks may block; they then run on the blocking executor
 * @param requestBody what {@code onRequestChunk} does to a body
 * @param responseBody what {@code onResponseChunk} does to a body
 * @param plainText whether the body hooks need bodies without content coding, so that the engine
 *     decodes (and encodes again where it can)
 */
public record PluginMetadata(
    String id,
    String name,
    String version,
    int priority,
    Map<Hook, Integer> hookPriorities,
    Set<String> dependencies,
    FailurePolicy failurePolicy,
    Duration hookDeadline,
    Duration stopDeadline,
    boolean blocking,
    BodyEffect requestBody,
    BodyEffect responseBody,
    boolean plainText) {
  /** What a deadline can hold in nanoseconds, and more than anybody waits. */
  private static final Duration MOST = Duration.ofDays(36_500);

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /** The priority of a plugin that declares none: 500. */
  public static final int DEFAULT_PRIORITY = 500;

  /** The hook deadline of a plugin that declares none: 5 seconds. */
  public static final Duration DEFAULT_HOOK_DEADLINE = Duration.ofSeconds(5);

  /** The stop deadline of a plugin that declares none: 10 seconds. */
  public static final Duration DEFAULT_STOP_DEADLINE = Duration.ofSeconds(10);

  /**
   * Checks everything at once.
   *
   * @param id unique in a registry
   * @param name a name for people
   * @param version a version for people
   * @param priority 0 to 1000
   * @param hookPriorities priorities that differ from {@code priority} for single hooks
   * @param dependencies ids of plugins that must be present, enabled and earlier in the chain
   * @param failurePolicy what a fault of this plugin does to the exchange
   * @param hookDeadline how long a pending decision ({@code later}, {@code withBody} aside) or a
   *     call on the blocking executor may take before it is a fault
   * @param stopDeadline how long {@code onProxyStop} may take
   * @param blocking whether hooks may block
   * @param requestBody what {@code onRequestChunk} does to a body
   * @param responseBody what {@code onResponseChunk} does to a body
   * @param plainText whether the body hooks need bodies without content coding, so that the engine
   *     decodes (and encodes again where it can)
   * @throws IllegalArgumentException naming each offending value and what was expected
   */
  public PluginMetadata {
    List<String> mistakes = new ArrayList<>();
    if (!ID.matcher(Objects.requireNonNull(id, "id")).matches()) {
      mistakes.add("id must match " + ID.pattern() + ", but was '" + id + "'");
    }
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    checkPriority("priority", priority, mistakes);
    hookPriorities = Map.copyOf(hookPriorities);
    hookPriorities.forEach((hook, value) -> checkPriority("priority of " + hook, value, mistakes));
    dependencies = Set.copyOf(dependencies);
    if (dependencies.contains(id)) mistakes.add("plugin '" + id + "' must not depend on itself");
    Objects.requireNonNull(failurePolicy, "failurePolicy");
    checkPositive("hookDeadline", hookDeadline, mistakes);
    checkPositive("stopDeadline", stopDeadline, mistakes);
    Objects.requireNonNull(requestBody, "requestBody");
    Objects.requireNonNull(responseBody, "responseBody");
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid plugin metadata: " + String.join("; ", mistakes));
    }
  }

  private static void checkPriority(String what, int value, List<String> mistakes) {
    if (value < 0 || value > 1000) mistakes.add(what + " must be 0 to 1000, but was " + value);
  }

  private static void checkPositive(String what, Duration value, List<String> mistakes) {
    if (value.isNegative() || value.isZero()) {
      mistakes.add(what + " must be above zero, but was " + value);
    } else if (value.compareTo(MOST) > 0) {
      mistakes.add(what + " must be a hundred years (" + MOST + ") at most, but was " + value);
    }
  }

  /**
   * Returns the priority that orders a hook.
   *
   * @param hook the hook
   * @return its own priority where one is declared, else {@link #priority()}
   */
  public int priority(Hook hook) {
    return hookPriorities.getOrDefault(hook, priority);
  }

  /**
   * Begins the metadata of a plugin: name = id, version 0, priority 500, {@code FAIL_OPEN},
   * deadlines as the constants say, not blocking, both bodies {@link BodyEffect#CHANGES_LENGTH}
   * (the safe assumption), no decoding. Body effects matter only to plugins that override a chunk
   * hook.
   *
   * @param id the plugin's id
   * @return a builder, not thread-safe
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Collects metadata; not thread-safe. Values are checked by {@link #build()}, all at once. */
  public static final class Builder {
    private final String id;
    private String name;
    private String version = "0";
    private int priority = DEFAULT_PRIORITY;
    private final Map<Hook, Integer> hookPriorities = new EnumMap<>(Hook.class);
    private final Set<String> dependencies = new LinkedHashSet<>();
    private FailurePolicy failurePolicy = FailurePolicy.FAIL_OPEN;
    private Duration hookDeadline = DEFAULT_HOOK_DEADLINE;
    private Duration stopDeadline = DEFAULT_STOP_DEADLINE;
    private boolean blocking;
    private BodyEffect requestBody = BodyEffect.CHANGES_LENGTH;
    private BodyEffect responseBody = BodyEffect.CHANGES_LENGTH;
    private boolean plainText;

    private Builder(String id) {
      this.id = Objects.requireNonNull(id, "id");
      this.name = id;
    }

    /**
     * Sets the name for people.
     *
     * @param name the name
     * @return this
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the version for people.
     *
     * @param version the version
     * @return this
     */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Sets the priority of all hooks.
     *
     * @param priority 0 to 1000, lower is nearer to the client
     * @return this
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Sets the priority of one hook.
     *
     * @param hook the hook
     * @param priority 0 to 1000
     * @return this
     */
    public Builder priority(Hook hook, int priority) {
      hookPriorities.put(Objects.requireNonNull(hook, "hook"), priority);
      return this;
    }

    /**
     * Adds plugins that must be present, enabled and earlier.
     *
     * @param ids their ids
     * @return this
     */
    public Builder dependsOn(String... ids) {
      dependencies.addAll(List.of(ids));
      return this;
    }

    /**
     * Sets what a fault does to the exchange.
     *
     * @param policy the policy
     * @return this
     */
    public Builder failurePolicy(FailurePolicy policy) {
      this.failurePolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets how long a pending decision or a call on the blocking executor may take.
     *
     * @param deadline above zero
     * @return this
     */
    public Builder hookDeadline(Duration deadline) {
      this.hookDeadline = Objects.requireNonNull(deadline, "deadline");
      return this;
    }

    /**
     * Sets how long {@code onProxyStop} may take.
     *
     * @param deadline above zero
     * @return this
     */
    public Builder stopDeadline(Duration deadline) {
      this.stopDeadline = Objects.requireNonNull(deadline, "deadline");
      return this;
    }

    /**
     * Says that hooks may block, so that they run on the blocking executor.
     *
     * @return this
     */
    public Builder blocking() {
      this.blocking = true;
      return this;
    }

    /**
     * Says what {@code onRequestChunk} does.
     *
     * @param effect the effect
     * @return this
     */
    public Builder requestBody(BodyEffect effect) {
      this.requestBody = Objects.requireNonNull(effect, "effect");
      return this;
    }

    /**
     * Says what {@code onResponseChunk} does.
     *
     * @param effect the effect
     * @return this
     */
    public Builder responseBody(BodyEffect effect) {
      this.responseBody = Objects.requireNonNull(effect, "effect");
      return this;
    }

    /**
     * Says that the body hooks look only: {@link BodyEffect#OBSERVES} in both directions.
     *
     * @return this
     */
    public Builder observesBodies() {
      return requestBody(BodyEffect.OBSERVES).responseBody(BodyEffect.OBSERVES);
    }

    /**
     * Asks for bodies without content coding.
     *
     * @return this
     */
    public Builder plainText() {
      this.plainText = true;
      return this;
    }

    /**
     * Makes the metadata.
     *
     * @return the metadata
     * @throws IllegalArgumentException naming each offending value
     */
    public PluginMetadata build() {
      return new PluginMetadata(
          id,
          name,
          version,
          priority,
          hookPriorities,
          dependencies,
          failurePolicy,
          hookDeadline,
          stopDeadline,
          blocking,
          requestBody,
          responseBody,
          plainText);
    }
  }
}
