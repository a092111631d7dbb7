package dev.headgate.tck.lab;

import dev.headgate.tck.lab.socket.SocketEnvironment;
import dev.headgate.tck.memory.MemoryBackend;
import java.net.URI;

/** Client and origin are connected directly: no backend has a part in it. */
class SocketWireTest extends WireContract {
  @Override
  void wired(Wire wire) throws Throwable {
    TckEnvironment environment = new SocketEnvironment(new MemoryBackend());
    EventLog log = new EventLog();
    try (Driver driver = environment.open("wire", log)) {
      Lab.run(
          environment,
          log,
          lab -> {
            TestOrigin origin = driver.origin();
            TestClient client = driver.connect(URI.create(origin.url())).orElseThrow();
            wire.run(lab, origin, client);
          });
    } catch (Throwable e) {
      e.addSuppressed(new AssertionError("what happened:\n" + log.text()));
      throw e;
    }
  }

  @Override
  long mostUnread() {
    return 8L << 20;
  }
}
