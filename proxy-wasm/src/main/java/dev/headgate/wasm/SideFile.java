package dev.headgate.wasm;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.wasm.runtime.WasmLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a file {@code name.plugin.json} says of the module {@code name.wasm} beside it. All members
 * are optional; unknown ones are refused.
 */
record SideFile(JsonObject json) {
  static SideFile read(byte[] bytes) {
    JsonObject json = JsonObject.read(bytes);
    json.only(
        "id",
        "name",
        "version",
        "priority",
        "dependsOn",
        "failurePolicy",
        "hookDeadlineMillis",
        "blocking",
        "plainText",
        "requestBody",
        "responseBody",
        "hooks",
        "config",
        "limits",
        "runtime",
        "sha256");
    return new SideFile(json);
  }

  /** Sets what the file says; what it does not mention stays as it is. */
  void applyTo(WasmPluginBuilder plugin) {
    String id = json.string("id");
    if (id != null) plugin.id(id);
    plugin.metadata(this::metadata);
    if (json.members().containsKey("hooks")) {
      plugin.hooks(json.strings("hooks").stream().map(GuestHook::hook).toArray(Hook[]::new));
    }
    JsonObject config = json.object("config");
    if (config != null) plugin.config(config.asStrings());
    JsonObject limits = json.object("limits");
    if (limits != null) plugin.limits(limits(limits));
    String runtime = json.string("runtime");
    if (runtime != null) plugin.runtime(WasmRuntimes.named(runtime));
    String sha256 = json.string("sha256");
    if (sha256 != null) plugin.sha256(sha256);
  }

  private void metadata(PluginMetadata.Builder metadata) {
    String name = json.string("name");
    if (name != null) metadata.name(name);
    String version = json.string("version");
    if (version != null) metadata.version(version);
    Long priority = json.number("priority");
    if (priority != null) metadata.priority(Math.toIntExact(priority));
    metadata.dependsOn(json.strings("dependsOn").toArray(String[]::new));
    FailurePolicy policy = constant("failurePolicy", FailurePolicy.class);
    if (policy != null) metadata.failurePolicy(policy);
    Long deadline = json.number("hookDeadlineMillis");
    if (deadline != null) metadata.hookDeadline(Duration.ofMillis(deadline));
    if (Boolean.TRUE.equals(json.bool("blocking"))) metadata.blocking();
    if (Boolean.TRUE.equals(json.bool("plainText"))) metadata.plainText();
    BodyEffect request = constant("requestBody", BodyEffect.class);
    if (request != null) metadata.requestBody(request);
    BodyEffect response = constant("responseBody", BodyEffect.class);
    if (response != null) metadata.responseBody(response);
  }

  private static WasmLimits limits(JsonObject json) {
    json.only(
        "moduleBytes",
        "fuel",
        "callDepth",
        "deadlineMillis",
        "startDeadlineMillis",
        "memoryPages",
        "tableElements",
        "hostMemoryBytes",
        "variableBytes",
        "outputBytes",
        "logBytes",
        "instances");
    WasmLimits.Builder limits = WasmLimits.builder();
    Long fuel = json.number("fuel");
    if (fuel != null) limits.fuel(fuel);
    Long deadline = json.number("deadlineMillis");
    if (deadline != null) limits.deadline(Duration.ofMillis(deadline));
    Long start = json.number("startDeadlineMillis");
    if (start != null) limits.startDeadline(Duration.ofMillis(start));
    set(json, "moduleBytes", limits::moduleBytes);
    set(json, "callDepth", limits::callDepth);
    set(json, "memoryPages", limits::memoryPages);
    set(json, "tableElements", limits::tableElements);
    set(json, "hostMemoryBytes", limits::hostMemoryBytes);
    set(json, "variableBytes", limits::variableBytes);
    set(json, "outputBytes", limits::outputBytes);
    set(json, "logBytes", limits::logBytes);
    set(json, "instances", limits::instances);
    return limits.build();
  }

  private interface IntSetter {
    WasmLimits.Builder set(int value);
  }

  private static void set(JsonObject json, String name, IntSetter setter) {
    Long value = json.number(name);
    if (value != null) setter.set(Math.toIntExact(value));
  }

  private <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
    String text = json.string(name);
    if (text == null) return null;
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "'%s' must be one of %s, but was '%s'",
                        name, Arrays.toString(type.getEnumConstants()), text)));
  }
}
