package dev.headgate.plugins.logging;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs what passes through a proxy.
 *
 * <p><b>What is logged</b>, each with {@code event}, {@code requestId} and {@code sessionId} as
 * key-value pairs (a binding that writes JSON makes fields of them):
 *
 * <ul>
 *   <li>{@code request}: client, method, version, scheme, authority, path, query and headers, as
 *       they are after the plugins before this one; for CONNECT the destination;
 *   <li>{@code response}: status and headers, as they come from the plugins behind this one;
 *   <li>{@code requestChunk}, {@code responseChunk}: number, bytes and total bytes of every Nth
 *       chunk that is not empty, see {@link Builder#everyChunk}; never what is in it;
 *   <li>{@code complete}: outcome, status, duration in milliseconds, bytes of both bodies;
 *   <li>{@code error}: the same with code, phase and detail, and the stack of its cause.
 * </ul>
 *
 * <p><b>Where to.</b> To {@link PluginContext#logger()}, at {@link Builder#level} and {@link
 * Builder#errorLevel}; and, where {@link Builder#file} says so, to files of the plugin's own,
 * whatever levels the logger lets through.
 *
 * <p><b>Secrets</b> are replaced by {@code ***}: the value of each header, and of each {@code
 * name=value} in queries, URIs, other headers and messages of exceptions, whose name ends with
 * {@code key}, {@code token}, {@code secret}, {@code password}, {@code auth}, {@code
 * authorization}, {@code credential}, {@code signature} or {@code cookie} (so {@code
 * Authorization}, {@code Set-Cookie}, {@code X-Api-Key}, {@code access_token}), of some more
 * parameters ({@code code}, {@code sid}, {@code ticket} ...), and of those that {@link
 * Builder#maskHeaders} and {@link Builder#maskParameters} name; and user and password in URIs. A
 * secret in a path goes unrecognised. Control characters are escaped ({@code \n}, {@code \u001b}),
 * so that no client can forge a line; long texts are shortened.
 *
 * <p><b>Cost.</b> An exchange never waits for a log. Events go through a bounded queue to a thread
 * of their own, one for the logger and one for the files, each begun by its first event; when a
 * queue is full, events are dropped, counted, and the number is written. Both queues are emptied
 * when the proxy stops. A file that can't be written is reported once through the logger and tried
 * again. At a level that is off, and without a file, an exchange costs one look at the level for
 * each hook.
 *
 * <p>Immutable, thread-safe, and usable in several proxies at once; each has queues of its own.
 */
public final class LoggingPlugin implements ProxyPlugin {
  /** The plugin's id: {@value}. */
  public static final String ID = "logging";

  /** The plugin's priority: {@value}. */
  public static final int PRIORITY = 50;

  /** How many events each queue holds unless told otherwise: {@value}; some 20 KiB each at most. */
  public static final int DEFAULT_QUEUE_CAPACITY = 2048;

  private static final PluginMetadata METADATA =
      PluginMetadata.builder(ID).name("Logging").priority(PRIORITY).observesBodies().build();

  private final Level level;
  private final Level errorLevel;
  private final int everyChunk;
  private final Masking masking;
  private final @Nullable LogFile file;
  private final int queueCapacity;

  private LoggingPlugin(Builder builder) {
    this.level = builder.level;
    this.errorLevel = builder.errorLevel;
    this.everyChunk = builder.everyChunk;
    this.masking = new Masking(new SecretNames(builder.headers, builder.parameters));
    this.file = builder.file;
    this.queueCapacity = builder.queueCapacity;
  }

  /**
   * Makes a plugin with all defaults: heads and ends at debug, errors at warn, no chunks, no file.
   *
   * @return the plugin
   */
  public static LoggingPlugin create() {
    return builder().build();
  }

  /**
   * Begins a plugin.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public PluginMetadata metadata() {
    return METADATA;
  }

  /**
   * Makes the interceptor for one proxy. Neither file nor thread begins before the first event.
   *
   * @param context gives the logger, the session and the clock, whose zone decides when a day
   *     begins
   * @return a new interceptor
   */
  @Override
  public Interceptor createInterceptor(PluginContext context) {
    Logger logger = context.logger();
    EventLog log = new EventLog(logger, background(new Slf4jWriter(logger), "log"), files(context));
    return everyChunk == 0
        ? new ExchangeLogger(log, level, errorLevel, masking, context.clock())
        : new ChunkLogger(log, level, errorLevel, masking, context.clock(), everyChunk);
  }

  private @Nullable BackgroundWriter files(PluginContext context) {
    if (file == null) return null;
    return background(
        new LogFileWriter(file, new LogDirectory(file), context.clock(), context.logger()), "file");
  }

  private BackgroundWriter background(EventWriter writer, String what) {
    return new BackgroundWriter(writer, queueCapacity, "headgate-" + ID + "-" + what);
  }

  /** Collects what a plugin shall log; not thread-safe. Values are checked by {@link #build()}. */
  public static final class Builder {
    private Level level = Level.DEBUG;
    private Level errorLevel = Level.WARN;
    private int everyChunk;
    private final Set<String> headers = new LinkedHashSet<>();
    private final Set<String> parameters = new LinkedHashSet<>();
    private @Nullable LogFile file;
    private int queueCapacity = DEFAULT_QUEUE_CAPACITY;

    private Builder() {}

    /**
     * Sets the level of everything but errors. Default: debug.
     *
     * @param level the level
     * @return this
     */
    public Builder level(Level level) {
      this.level = Objects.requireNonNull(level, "level");
      return this;
    }

    /**
     * Sets the level of errors. Default: warn.
     *
     * @param level the level
     * @return this
     */
    public Builder errorLevel(Level level) {
      this.errorLevel = Objects.requireNonNull(level, "level");
      return this;
    }

    /**
     * Logs every Nth chunk of each body. Default: 0.
     *
     * @param interval N; 0 for none at all
     * @return this
     */
    public Builder everyChunk(int interval) {
      this.everyChunk = interval;
      return this;
    }

    /**
     * Adds header fields whose values are secrets.
     *
     * @param names their names, in any case
     * @return this
     */
    public Builder maskHeaders(String... names) {
      for (String name : names) headers.add(name.toLowerCase(Locale.ROOT));
      return this;
    }

    /**
     * Adds parameters whose values are secrets, in queries and wherever else {@code name=value}
     * stands.
     *
     * @param names their names, decoded, in any case
     * @return this
     */
    public Builder maskParameters(String... names) {
      for (String name : names) parameters.add(name.toLowerCase(Locale.ROOT));
      return this;
    }

    /**
     * Writes files too. Default: none.
     *
     * @param file where, and how long they are kept
     * @return this
     */
    public Builder file(LogFile file) {
      this.file = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * Sets how many events wait at most, in each queue. Default: {@link #DEFAULT_QUEUE_CAPACITY}.
     *
     * @param events 1 or more
     * @return this
     */
    public Builder queueCapacity(int events) {
      this.queueCapacity = events;
      return this;
    }

    /**
     * Makes the plugin.
     *
     * @return the plugin
     * @throws IllegalArgumentException naming each offending value and what was expected
     */
    public LoggingPlugin build() {
      List<String> mistakes = new ArrayList<>();
      if (everyChunk < 0) mistakes.add("everyChunk must be 0 or more, but was " + everyChunk);
      if (queueCapacity < 1) {
        mistakes.add("queueCapacity must be 1 or more, but was " + queueCapacity);
      }
      if (headers.contains("") || parameters.contains("")) {
        mistakes.add("names to mask must not be empty");
      }
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(
            "invalid settings of plugin '" + ID + "': " + String.join("; ", mistakes));
      }
      return new LoggingPlugin(this);
    }
  }
}
