package dev.headgate.tck;

import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.memory.MemoryEnvironment;

class MemoryInlineTckTest extends BackendTck {
  @Override
  protected TckEnvironment environment() {
    return new MemoryEnvironment().inline();
  }
}
