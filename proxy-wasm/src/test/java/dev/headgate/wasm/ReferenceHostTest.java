package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.HostCall;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.WasmRuntime;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.NodeHost;
import dev.headgate.wasm.support.RecordedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Each example in an independent host, {@code @extism/extism} on Node, with the host functions as
 * stubs there and here: outputs, errors, log lines, and what the guest asked the host for must be
 * the same. That shows that guests, kits and host keep to the Extism ABI, not just to each other.
 */
class ReferenceHostTest {
  /** One call; the maps are what the stubs of the host functions answer. */
  private record Scene(
      String export,
      String input,
      Map<String, String> properties,
      Map<String, String> headers,
      Map<String, String> attributes) {
    static Scene of(String export, String input) {
      return new Scene(export, input, Map.of(), Map.of(), Map.of());
    }

    Scene with(Map<String, String> properties, Map<String, String> headers) {
      return new Scene(export, input, properties, headers, attributes);
    }

    Scene withAttributes(Map<String, String> attributes) {
      return new Scene(export, input, properties, headers, attributes);
    }
  }

  private record Play(Path module, Map<String, String> config, List<Scene> scenes) {}

  private record Recording(Scene scene, List<List<String>> effects) {}

  private static final String LONG = "Öl, a longer text that needs several words. ".repeat(300);

  private static final List<Play> PLAYS =
      List.of(
          new Play(
              Guests.example("example-logger"),
              Map.of(),
              List.of(
                  Scene.of("on_request", ""),
                  Scene.of("on_request_chunk", "x"),
                  Scene.of("on_connect", ""),
                  Scene.of("on_error", ""))),
          new Play(
              Guests.example("header-modifier"),
              Map.of("team", "bläu"),
              List.of(Scene.of("on_request", "{}"), Scene.of("on_response_headers", ""))),
          new Play(
              Guests.example("request-counter"),
              Map.of(),
              List.of(
                  Scene.of("on_request", ""),
                  Scene.of("on_request", ""),
                  Scene.of("on_response_headers", "")
                      .withAttributes(Map.of("request-counter.number", "7")),
                  Scene.of("on_response_headers", ""))),
          new Play(
              Guests.example("body-rewriter"),
              Map.of(),
              List.of(
                  Scene.of("on_request_chunk", "seven b"),
                  Scene.of("on_response_chunk", ""),
                  Scene.of("on_response_chunk", LONG))),
          new Play(
              Guests.example("custom-response"),
              Map.of("name", "Wörld \"€\"\n"),
              List.of(
                  Scene.of("on_request", "")
                      .with(Map.of("request.method", "GET", "request.path", "/hello"), Map.of()),
                  Scene.of("on_request", "")
                      .with(Map.of("request.method", "PUT", "request.path", "/hello"), Map.of()),
                  Scene.of("on_request", ""))),
          new Play(
              Guests.example("auth-gate"),
              Map.of("token", "s3cret"),
              List.of(
                  Scene.of("on_request", "")
                      .with(Map.of(), Map.of("Authorization", "Bearer s3cret")),
                  Scene.of("on_request", "")
                      .with(Map.of(), Map.of("Authorization", "Bearer s3creT")),
                  Scene.of("on_request", ""))),
          new Play(Guests.example("auth-gate"), Map.of(), List.of(Scene.of("on_request", ""))),
          new Play(
              Guests.test("hostile"),
              Map.of(),
              List.of(
                  Scene.of("well_behaved", ""),
                  Scene.of("host_memory_freed", ""),
                  Scene.of("output_over_two_blocks", ""))));

  @Test
  void guestsAnswerAsInTheReferenceHost() throws Exception {
    compare(PLAYS);
  }

  /**
   * Source, kit and compiler are of others; nobody here wrote a line of it. In ASCII, as the kit
   * counts characters where it should count bytes.
   */
  @Test
  void guestOfOthersAnswersAsInTheReferenceHost() throws Exception {
    compare(
        List.of(
            new Play(
                NodeHost.exampleOfOthers(),
                Map.of("thing", "this"),
                List.of(
                    Scene.of("count_vowels", "Hello, world"),
                    Scene.of("count_vowels", ""),
                    Scene.of("count_vowels", "aeiou".repeat(500))))));
  }

  private static void compare(List<Play> plays) throws Exception {
    String there = NodeHost.run("reference.mjs", script(plays));
    for (WasmRuntime runtime : List.of(WasmRuntimes.compiled(), WasmRuntimes.interpreted())) {
      StringBuilder here = new StringBuilder();
      for (Play play : plays) here.append(here.isEmpty() ? "" : ",").append(perform(runtime, play));
      assertEquals(
          there.strip().replace("},{", "},\n{"), ("[" + here + "]").replace("},{", "},\n{"));
    }
  }

  private static byte[] script(List<Play> plays) {
    return Json.write(
        out -> {
          out.writeStartArray();
          for (Play play : plays) {
            out.writeStartObject();
            out.writeStringField("module", play.module.toString());
            writeMap(out, "config", play.config);
            out.writeArrayFieldStart("calls");
            for (Scene scene : play.scenes) {
              out.writeStartObject();
              out.writeStringField("export", scene.export);
              out.writeStringField("input", scene.input);
              writeMap(out, "properties", scene.properties);
              writeMap(out, "headers", scene.headers);
              writeMap(out, "attributes", scene.attributes);
              out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static void writeMap(JsonGenerator out, String name, Map<String, String> map)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeStringField(entry.getKey(), entry.getValue());
    }
    out.writeEndObject();
  }

  private static String perform(WasmRuntime runtime, Play play) throws Exception {
    RecordedLog log = new RecordedLog();
    GuestEnvironment environment =
        new GuestEnvironment(play.config, new GuestVariables(10_000), log);
    List<String> results = new ArrayList<>();
    try (GuestModule module = runtime.load(Guests.source(play.module), Guests.PATIENT, stubs());
        GuestInstance guest = module.instantiate(environment)) {
      for (Scene scene : play.scenes) {
        log.lines().clear();
        results.add(perform(play, scene, guest, log));
      }
    }
    return String.join(",", results);
  }

  private static String perform(Play play, Scene scene, GuestInstance guest, RecordedLog log) {
    Recording recording = new Recording(scene, new ArrayList<>());
    byte[] input = scene.input.getBytes(StandardCharsets.UTF_8);
    String output = "";
    String error = "";
    try {
      output = new String(guest.call(scene.export, () -> input, recording), StandardCharsets.UTF_8);
    } catch (WasmTrapException e) {
      String prefix = play.module + ", " + scene.export + ": ";
      error = "Plugin-originated error: " + e.getMessage().substring(prefix.length());
    }
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("module", play.module.toString());
    texts.put("export", scene.export);
    texts.put("output", output);
    texts.put("error", error);
    return new String(
        Json.write(
            out -> {
              out.writeStartObject();
              for (String name : texts.keySet()) out.writeStringField(name, texts.get(name));
              out.writeArrayFieldStart("effects");
              for (List<String> effect : recording.effects) {
                out.writeArray(effect.toArray(String[]::new), 0, effect.size());
              }
              out.writeEndArray();
              out.writeFieldName("logs");
              out.writeArray(log.lines().toArray(String[]::new), 0, log.lines().size());
              out.writeEndObject();
            }),
        StandardCharsets.UTF_8);
  }

  /** The functions of the contract, by the signatures that are offered in earnest. */
  private static List<HostFunction> stubs() {
    return HookFunctions.ALL.stream()
        .map(
            function ->
                new HostFunction(
                    function.name(),
                    function.parameters(),
                    function.returns(),
                    (call, arguments) -> stub(function, call, arguments)))
        .toList();
  }

  private static long stub(HostFunction function, HostCall call, long[] arguments) {
    Recording recording = (Recording) Objects.requireNonNull(call.exchange());
    Scene scene = recording.scene;
    if (function.returns()) {
      Map<String, String> values =
          switch (function.name()) {
            case "headgate_property" -> scene.properties;
            case "headgate_header" -> scene.headers;
            default -> scene.attributes;
          };
      String value = values.get(call.text(arguments[0]));
      return value == null ? 0 : call.store(value.getBytes(StandardCharsets.UTF_8));
    }
    List<String> effect = new ArrayList<>(List.of(function.name()));
    for (int i = 0; i < arguments.length; i++) {
      boolean number = i == 0 && function.name().equals("headgate_abort");
      effect.add(number ? "" + arguments[i] : call.text(arguments[i]));
    }
    recording.effects.add(effect);
    return 0;
  }
}
