package dev.headgate.verify.peers;

import java.util.List;

/**
 * What differs between the SDKs.
 *
 * @param script the script of {@code src/test/node} that uses it
 * @param base what goes before the SDK's own paths
 * @param path the path of its request, as the upstream sees it
 * @param agent how its User-Agent begins
 * @param question a part of the request's body
 * @param answer the API's answer in one piece
 * @param events the API's answer as events
 * @param text the text in these events
 * @param requestIdField the field with the API's id of the request
 * @param refusal the API's answer to a wrong key
 * @param refusalText the part of it that the SDK shows
 */
record Sdk(
    String script,
    String base,
    String path,
    String agent,
    String question,
    String answer,
    List<Event> events,
    String text,
    String requestIdField,
    String refusal,
    String refusalText) {
  /**
   * An event.
   *
   * @param sent what the API sends, without the empty line at its end
   * @param seen what the SDK gives to its user; null for an event that it keeps to itself
   */
  record Event(String sent, String seen) {}

  private static Event anthropicEvent(String type, String rest) {
    String data = "{\"type\":\"" + type + "\"" + rest + "}";
    return new Event("event: " + type + "\ndata: " + data, type.equals("ping") ? null : data);
  }

  private static Event anthropicText(String text) {
    return anthropicEvent(
        "content_block_delta",
        ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
  }

  private static Event openAiChunk(String delta, String finish) {
    String data =
        "{\"id\":\"chatcmpl-test\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
            + "\"model\":\"gpt-test\",\"system_fingerprint\":\"fp_test\",\"choices\":[{\"index\":0,"
            + ("\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]}");
    return new Event("data: " + data, data);
  }

  static Sdk anthropic() {
    return new Sdk(
        "anthropic.mjs",
        "/",
        "/v1/messages",
        "Anthropic/JS ",
        "\"model\":\"claude-test\",\"max_tokens\":64",
        """
        {"id":"msg_test","type":"message","role":"assistant","model":"claude-test",\
        "content":[{"type":"text","text":"Hello, world"}],"stop_reason":"end_turn",\
        "stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":6}}""",
        List.of(
            anthropicEvent(
                "message_start",
                ",\"message\":{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"model\":\"claude-test\",\"content\":[],\"stop_reason\":null,"
                    + "\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}"),
            anthropicEvent(
                "content_block_start",
                ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
            anthropicEvent("ping", ""),
            anthropicText("Hello"),
            anthropicText(", "),
            anthropicText("world"),
            anthropicEvent("content_block_stop", ",\"index\":0"),
            anthropicEvent(
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                    + "\"usage\":{\"output_tokens\":6}"),
            anthropicEvent("message_stop", "")),
        "Hello, world",
        "request-id",
        """
        {"type":"error","error":{"type":"authentication_error","message":"invalid key"}}""",
        "invalid key");
  }

  static Sdk openAi() {
    return new Sdk(
        "openai.mjs",
        "/v1",
        "/v1/chat/completions",
        "OpenAI/JS ",
        "\"model\":\"gpt-test\"",
        """
        {"id":"chatcmpl-test","object":"chat.completion","created":1700000000,"model":"gpt-test",\
        "choices":[{"index":0,"message":{"role":"assistant","content":"Hello, world",\
        "refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,\
        "completion_tokens":6,"total_tokens":17}}""",
        List.of(
            openAiChunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
            openAiChunk("{\"content\":\"Hello\"}", "null"),
            openAiChunk("{\"content\":\", \"}", "null"),
            openAiChunk("{\"content\":\"world\"}", "null"),
            openAiChunk("{}", "\"stop\""),
            new Event("data: [DONE]", null)),
        "Hello, world",
        "x-request-id",
        """
        {"error":{"message":"Incorrect API key provided.","type":"invalid_request_error",\
        "param":null,"code":"invalid_api_key"}}""",
        "Incorrect API key provided.");
  }
}
