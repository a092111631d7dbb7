package dev.headgate.verify.peers;

/** {@code @anthropic-ai/sdk}. */
class AnthropicSdkTest extends SdkContract {
  AnthropicSdkTest() {
    super(Sdk.anthropic());
  }
}
