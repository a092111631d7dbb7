package dev.headgate.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom and what a proxy works for. Immutable; given once to the proxy's builder, seen by all
 * plugins.
 *
 * @param id the session's id
 * @param agent the client program, such as a coding agent; null when not known
 * @param profile the configuration profile in use; null when there is none
 * @param provider the provider of the API behind; null when not known
 * @param model the model asked for; null when not known
 * @param attributes free facts, by name
 */
public record Session(
    String id,
    @Nullable String agent,
    @Nullable String profile,
    @Nullable String provider,
    @Nullable String model,
    Map<String, String> attributes) {
  /**
   * Copies the attributes.
   *
   * @param id the session's id
   * @param agent the client program, such as a coding agent
   * @param profile the configuration profile in use
   * @param provider the provider of the API behind
   * @param model the model asked for
   * @param attributes free facts, by name
   */
  public Session {
    Objects.requireNonNull(id, "id");
    attributes = Map.copyOf(attributes);
  }

  /**
   * Begins a session with an id of one's own.
   *
   * @param id the id; not empty
   * @return a builder, not thread-safe
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /**
   * Makes a session with a random id and nothing else.
   *
   * @return the session
   */
  public static Session random() {
    return builder(UUID.randomUUID().toString()).build();
  }

  /** Collects the facts of a session; not thread-safe. */
  public static final class Builder {
    private final String id;
    private @Nullable String agent;
    private @Nullable String profile;
    private @Nullable String provider;
    private @Nullable String model;
    private final Map<String, String> attributes = new LinkedHashMap<>();

    private Builder(String id) {
      this.id = Objects.requireNonNull(id, "id");
      if (id.isEmpty()) throw new IllegalArgumentException("session id must not be empty");
    }

    /**
     * Sets the client program.
     *
     * @param agent its name, or null
     * @return this
     */
    public Builder agent(@Nullable String agent) {
      this.agent = agent;
      return this;
    }

    /**
     * Sets the configuration profile.
     *
     * @param profile its name, or null
     * @return this
     */
    public Builder profile(@Nullable String profile) {
      this.profile = profile;
      return this;
    }

    /**
     * Sets the provider.
     *
     * @param provider its name, or null
     * @return this
     */
    public Builder provider(@Nullable String provider) {
      this.provider = provider;
      return this;
    }

    /**
     * Sets the model.
     *
     * @param model its name, or null
     * @return this
     */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /**
     * Adds a free fact.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public Builder attribute(String name, String value) {
      attributes.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Makes the session.
     *
     * @return the session
     */
    public Session build() {
      return new Session(id, agent, profile, provider, model, attributes);
    }
  }
}
