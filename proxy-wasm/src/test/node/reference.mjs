// Runs guests in the JavaScript host of Extism, as a script on standard input says, and prints what
// they did. ReferenceHostTest runs the same script in our host and compares.
import { readFileSync } from "node:fs";
import createPlugin from "@extism/extism";

const script = JSON.parse(readFileSync(0, "utf8"));
const results = [];

for (const { module, config, calls } of script) {
  let call; // the one under way
  let effects;
  let logs;
  const text = (plugin, handle) => plugin.read(handle)?.text() ?? "";
  const value = (kind) => (plugin, name) => {
    const found = call[kind]?.[text(plugin, name)];
    return found === undefined ? 0n : plugin.store(found);
  };
  const action =
    (name, ...kinds) =>
    (plugin, ...args) => {
      const shown = args.map((arg, i) => (kinds[i] === "number" ? `${arg}` : text(plugin, arg)));
      effects.push([name, ...shown]);
    };
  const plugin = await createPlugin(
    { wasm: [{ data: readFileSync(module) }] },
    {
      config,
      logLevel: "info",
      logger: {
        trace: () => {},
        debug: () => {},
        info: (line) => logs.push(`INFO ${line}`),
        warn: (line) => logs.push(`WARN ${line}`),
        error: (line) => logs.push(`ERROR ${line}`),
      },
      functions: {
        "extism:host/user": {
          headgate_property: value("properties"),
          headgate_property_set: action("headgate_property_set"),
          headgate_header: value("headers"),
          headgate_header_set: action("headgate_header_set"),
          headgate_header_add: action("headgate_header_add"),
          headgate_header_remove: action("headgate_header_remove"),
          headgate_attribute: value("attributes"),
          headgate_attribute_set: action("headgate_attribute_set"),
          headgate_response_body: action("headgate_response_body"),
          headgate_abort: action("headgate_abort", "number"),
          headgate_drop_chunk: action("headgate_drop_chunk"),
        },
      },
    },
  );
  for (call of calls) {
    effects = [];
    logs = [];
    let output = "";
    let error = "";
    try {
      output = (await plugin.call(call.export, call.input))?.text() ?? "";
    } catch (thrown) {
      error = thrown.message;
    }
    results.push({ module, export: call.export, output, error, effects, logs });
  }
  await plugin.close();
}

console.log(JSON.stringify(results));
