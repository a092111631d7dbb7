package dev.headgate.tck.lab;

import dev.headgate.tck.lab.memory.MemoryEnvironment;

class MemoryWireTest extends WireContract {
  private final TckEnvironment environment = new MemoryEnvironment();

  @Override
  void wired(Wire wire) throws Throwable {
    Lab.run(
        environment,
        new EventLog(),
        lab -> {
          TestOrigin origin = lab.origin();
          wire.run(lab, origin, lab.client(lab.proxy(origin)));
        });
  }

  @Override
  long mostUnread() {
    return environment.stallBytes();
  }
}
