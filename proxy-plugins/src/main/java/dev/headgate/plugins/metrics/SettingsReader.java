package dev.headgate.plugins.metrics;

import dev.headgate.api.Session;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a proxy's settings are: for each one the environment variable, else the profile's
 * setting, else what the plugin was built with. Collects all mistakes before it complains. Used
 * once, by one thread.
 */
final class SettingsReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.:-]{0,127}");
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
  private static final Pattern SECRETS = Pattern.compile("//[^/]*@|\\?.*", Pattern.DOTALL);
  private static final Duration MAX_INTERVAL = Duration.ofHours(24);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  private final MetricsDefaults defaults;
  private final Map<String, String> profile;
  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  /**
   * Makes a reader.
   *
   * @param defaults what the plugin was built with
   * @param profile the settings that the proxy gives to the plugin
   * @param environment the environment variables; an empty value counts as not set
   */
  SettingsReader(
      MetricsDefaults defaults, Map<String, String> profile, Map<String, String> environment) {
    this.defaults = defaults;
    this.profile = profile;
    this.environment = environment;
  }

  /**
   * Reads the settings for a session.
   *
   * @return the settings; empty when the plugin is turned off or does not run for the session's
   *     provider, in which case nothing else is checked
   * @throws IllegalArgumentException naming each offending value and what was expected
   */
  Optional<MetricsSettings> read(Session session) {
    boolean runs = runsFor(session.provider());
    if (!mistakes.isEmpty()) throw complaint();
    if (!runs) return Optional.empty();
    rejectUnknownKeys();
    Path directory = value(Setting.DIRECTORY, defaults.directory(), Path::of, path -> true);
    URI endpoint =
        value(Setting.ENDPOINT, defaults.endpoint(), URI::create, SettingsReader::isEndpoint);
    Duration interval =
        value(
            Setting.INTERVAL, defaults.interval(), SettingsReader::duration, within(MAX_INTERVAL));
    String name =
        value(Setting.NAME, defaults.name(), text -> text, text -> NAME.matcher(text).matches());
    Map<String, String> attributes = attributes();
    Duration timeout =
        value(
            Setting.REQUEST_TIMEOUT,
            defaults.requestTimeout(),
            SettingsReader::duration,
            within(MAX_TIMEOUT));
    if (directory == null
        || endpoint == null
        || interval == null
        || name == null
        || timeout == null
        || !mistakes.isEmpty()) {
      throw complaint();
    }
    return Optional.of(
        new MetricsSettings(directory, endpoint, interval, name, attributes, timeout));
  }

  private boolean runsFor(@Nullable String provider) {
    Boolean enabled =
        value(Setting.ENABLED, defaults.enabled(), SettingsReader::bool, value -> true);
    Set<String> providers =
        value(Setting.PROVIDERS, defaults.providers(), SettingsReader::names, names -> true);
    return Boolean.TRUE.equals(enabled)
        && providers != null
        && (providers.isEmpty()
            || (provider != null
                && providers.stream().anyMatch(name -> name.equalsIgnoreCase(provider))));
  }

  private void rejectUnknownKeys() {
    Set<String> known =
        Stream.of(Setting.values())
            .map(Setting::key)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String key : new TreeSet<>(profile.keySet())) {
      if (!known.contains(key)) {
        mistakes.add("setting '" + key + "' is not known: expected one of " + known);
      }
    }
  }

  /** Returns the first that is given; null after a mistake, which has then been noted. */
  private <T> @Nullable T value(
      Setting setting, @Nullable T built, Function<String, T> parser, Predicate<T> valid) {
    String source = "environment variable " + setting.variable();
    String text = environment.getOrDefault(setting.variable(), "");
    if (text.isEmpty()) {
      source = "setting '" + setting.key() + "'";
      text = profile.get(setting.key());
    }
    if (text != null) return parsed(setting, source, text, parser, valid);
    if (built == null) {
      mistakes.add("'" + setting.key() + "' is missing: expected " + setting.expectation());
    } else if (!valid.test(built)) {
      mistake(setting, "'" + setting.key() + "' of the builder", built.toString());
    } else {
      return built;
    }
    return null;
  }

  private <T> @Nullable T parsed(
      Setting setting, String source, String text, Function<String, T> parser, Predicate<T> valid) {
    try {
      T value = parser.apply(text.strip());
      if (valid.test(value)) return value;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      // Noted below: the expectation says more than the parser's message, which may quote a secret.
    }
    mistake(setting, source, text);
    return null;
  }

  private void mistake(Setting setting, String source, String value) {
    String shown =
        setting == Setting.ENDPOINT ? SECRETS.matcher(value).replaceAll("<hidden>") : value;
    mistakes.add(source + " must be " + setting.expectation() + ", but was '" + shown + "'");
  }

  private IllegalArgumentException complaint() {
    return new IllegalArgumentException(
        "invalid settings of plugin " + MetricsSyncPlugin.ID + ": " + String.join("; ", mistakes));
  }

  /** Unlike other settings, attributes add up: each source may add some and replace others. */
  private Map<String, String> attributes() {
    Map<String, String> all = new LinkedHashMap<>(defaults.attributes());
    if (all.containsKey("")) mistake(Setting.ATTRIBUTES, "'attributes' of the builder", "");
    String set = profile.getOrDefault(Setting.ATTRIBUTES.key(), "");
    addAttributes(all, "setting '" + Setting.ATTRIBUTES.key() + "'", set);
    String variable = Setting.ATTRIBUTES.variable();
    addAttributes(all, "environment variable " + variable, environment.getOrDefault(variable, ""));
    return all;
  }

  private void addAttributes(Map<String, String> all, String source, String text) {
    Map<String, String> added =
        parsed(Setting.ATTRIBUTES, source, text, SettingsReader::pairs, pairs -> true);
    if (added != null) all.putAll(added);
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : names(text)) {
      int equals = pair.indexOf('=');
      if (equals < 1) throw new IllegalArgumentException("no name: " + pair);
      pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return pairs;
  }

  private static Set<String> names(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false: " + text);
    };
  }

  private static Duration duration(String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) return Duration.parse(text);
    long number = Long.parseLong(amount.group(1));
    return switch (amount.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private static Predicate<Duration> within(Duration max) {
    return value -> !value.isNegative() && !value.isZero() && value.compareTo(max) <= 0;
  }

  private static boolean isEndpoint(URI uri) {
    return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }
}
