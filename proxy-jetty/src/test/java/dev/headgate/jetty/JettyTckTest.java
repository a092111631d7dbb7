package dev.headgate.jetty;

import dev.headgate.tck.BackendTck;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.socket.SocketEnvironment;

class JettyTckTest extends BackendTck {
  @Override
  protected TckEnvironment environment() {
    return new SocketEnvironment(SmallSockets.backend());
  }
}
