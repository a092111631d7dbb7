package dev.headgate.tck.rules;

import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Level;
import dev.headgate.tck.lab.Rule;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All rules that have a test. Immutable. */
public final class RuleCatalog {
  private static final List<Class<?>> CLASSES =
      List.of(
          OrderRules.class,
          DecisionRules.class,
          HeadWriteRules.class,
          BodyDecisionRules.class,
          HeadFaultRules.class,
          FaultOutcomeRules.class,
          StageRules.class,
          BodyFaultRules.class,
          PublisherRules.class,
          SuspensionRules.class,
          CallRules.class,
          ChunkRules.class,
          ContextRules.class,
          LateUseRules.class,
          ChangedBodyRules.class,
          TrailerRules.class,
          StreamRules.class,
          AbortRules.class,
          FramingRules.class,
          StartRules.class,
          StopRules.class,
          RegistryRules.class,
          UpstreamErrorRules.class,
          ErrorResponseRules.class,
          FieldRules.class,
          PluginFieldRules.class,
          MessageRules.class,
          ForwardingRules.class,
          OverloadRules.class,
          TunnelRules.class,
          UpgradeRules.class,
          ForwardProxyRules.class,
          AuthenticationRules.class,
          DestinationRules.class,
          ConnectDecisionRules.class,
          InspectionRules.class);

  private static final List<Entry> ENTRIES = read();

  private RuleCatalog() {}

  /** One rule and its test. Immutable and thread-safe. */
  public static final class Entry {
    private final Rule rule;
    private final Method method;

    private Entry(Rule rule, Method method) {
      this.rule = rule;
      this.method = method;
    }

    /**
     * Returns the number.
     *
     * @return such as {@code P-01}
     */
    public String id() {
      return rule.id();
    }

    /**
     * Returns what the rule says, in short.
     *
     * @return a sentence
     */
    public String intent() {
      return rule.intent();
    }

    /**
     * Returns how binding it is.
     *
     * @return the level
     */
    public Level level() {
      return rule.level();
    }

    /**
     * Returns what it needs.
     *
     * @return the capabilities
     */
    public List<Capability> needs() {
      return List.of(rule.needs());
    }

    /**
     * Runs the test.
     *
     * @param lab its lab
     * @throws Throwable if it fails
     */
    public void run(Lab lab) throws Throwable {
      Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
      constructor.setAccessible(true);
      try {
        method.invoke(constructor.newInstance(), lab);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    }

    @Override
    public String toString() {
      return id() + " " + intent();
    }
  }

  /**
   * Returns all rules.
   *
   * @return in the order of their groups and numbers
   */
  public static List<Entry> all() {
    return ENTRIES;
  }

  /**
   * Returns the groups.
   *
   * @return their letters, in order
   */
  public static List<String> groups() {
    return List.of("P", "S", "L", "E", "H", "T", "F", "I");
  }

  /**
   * Returns a group's title.
   *
   * @param group its letter
   * @return letter and title
   */
  public static String title(String group) {
    return switch (group) {
      case "P" -> "P The plugin contract";
      case "S" -> "S Streaming";
      case "L" -> "L Life cycle";
      case "E" -> "E Errors";
      case "H" -> "H The intermediary";
      case "T" -> "T Tunnels";
      case "F" -> "F The forward proxy";
      case "I" -> "I Interception";
      default -> throw new IllegalArgumentException("no such group: " + group);
    };
  }

  /**
   * Returns the rules of a group.
   *
   * @param letter the group's letter
   * @return its rules, by number
   */
  public static List<Entry> group(String letter) {
    return ENTRIES.stream().filter(entry -> entry.id().startsWith(letter + "-")).toList();
  }

  /**
   * Finds a rule.
   *
   * @param id its number
   * @return the rule
   * @throws IllegalArgumentException if there is none with that number
   */
  public static Entry find(String id) {
    return ENTRIES.stream()
        .filter(entry -> entry.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such rule: " + id));
  }

  private static List<Entry> read() {
    List<Entry> entries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Class<?> each : CLASSES) {
      for (Method method : each.getDeclaredMethods()) {
        Rule rule = method.getAnnotation(Rule.class);
        if (rule == null) continue;
        String id = rule.id();
        if (!id.matches("[PSLEHTFI]-\\d\\d") || !ids.add(id)) {
          throw new IllegalStateException("rule number is wrong or taken: " + id);
        }
        if (method.getParameterCount() != 1 || method.getParameterTypes()[0] != Lab.class) {
          throw new IllegalStateException("a rule takes a Lab, and nothing else: " + method);
        }
        method.setAccessible(true);
        entries.add(new Entry(rule, method));
      }
    }
    entries.sort(
        Comparator.comparing((Entry entry) -> groups().indexOf(entry.id().substring(0, 1)))
            .thenComparing(Entry::id));
    return List.copyOf(entries);
  }
}
