package dev.headgate.tck.memory;

/** The same with completions and demands that are called back inside the call. */
class ForwardInlineTest extends ForwardTest {
  @Override
  MemoryBackend backend() {
    return new MemoryBackend().withInlineCallbacks();
  }
}
