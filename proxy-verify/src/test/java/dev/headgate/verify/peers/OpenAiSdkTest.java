package dev.headgate.verify.peers;

/** {@code openai}. */
class OpenAiSdkTest extends SdkContract {
  OpenAiSdkTest() {
    super(Sdk.openAi());
  }
}
