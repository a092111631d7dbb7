package dev.headgate.jetty;

import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Backend;
import dev.headgate.tck.broken.Mutant;
import dev.headgate.tck.lab.socket.SocketEnvironment;
import java.util.function.UnaryOperator;

/** The backend with sockets, with something around it or around plugins. */
final class BrokenSockets extends SocketEnvironment {
  private final UnaryOperator<ProxyPlugin> adapter;

  BrokenSockets(UnaryOperator<Backend> around, UnaryOperator<ProxyPlugin> adapter) {
    super(around.apply(SmallSockets.backend()));
    this.adapter = adapter;
  }

  /** A backend that does something wrong. */
  static Mutant backend(String what, String rule, String telling, UnaryOperator<Backend> breach) {
    return new Mutant(
        what, rule, telling, false, new BrokenSockets(breach, UnaryOperator.identity()));
  }

  /** A chain that does something wrong. */
  static Mutant chain(String what, String rule, String telling, UnaryOperator<ProxyPlugin> breach) {
    return new Mutant(
        what, rule, telling, false, new BrokenSockets(UnaryOperator.identity(), breach));
  }

  @Override
  public ProxyPlugin adapt(ProxyPlugin plugin) {
    return adapter.apply(plugin);
  }
}
