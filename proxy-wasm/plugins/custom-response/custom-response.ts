/**
 * Answers GET /hello itself, in place of the upstream: with a greeting, for the name in the
 * configuration. All else goes on.
 */
import { config, outputText, property } from "../kits/assemblyscript/headgate";

export { headgate_abi_v1 } from "../kits/assemblyscript/headgate";

export function on_request(): i32 {
  if (property("request.method") != "GET" || property("request.path") != "/hello") return 0;
  const configured = config("name");
  const name = configured === null ? "world" : configured;
  outputText(
    '{"response":{"status":200,"headers":{"Content-Type":"text/plain; charset=utf-8",' +
      '"X-Answered-By":"custom-response"},"body":' + quote("Hello, " + name + "!\n") + "}}",
  );
  return 0;
}

/** Writes a string of JSON. */
function quote(text: string): string {
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c == 0x22 || c == 0x5c) {
      out += "\\" + text.charAt(i);
    } else if (c < 0x20) {
      out += "\\u00" + (c < 0x10 ? "0" : "1") + (c & 0xf).toString(16);
    } else {
      out += text.charAt(i);
    }
  }
  return out + '"';
}
