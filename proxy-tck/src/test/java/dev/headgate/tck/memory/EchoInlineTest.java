package dev.headgate.tck.memory;

/** The same with completions and demands that are called back inside the call. */
class EchoInlineTest extends EchoTest {
  @Override
  MemoryBackend backend() {
    return new MemoryBackend().withInlineCallbacks();
  }
}
