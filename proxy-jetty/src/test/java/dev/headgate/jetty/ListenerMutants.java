package dev.headgate.jetty;

import dev.headgate.core.spi.Listener;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.ForwardingListener;
import dev.headgate.tck.broken.Mutant;
import java.util.stream.Stream;

/** Backends that do something wrong with the address they listen on. */
final class ListenerMutants {
  private ListenerMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        BrokenSockets.backend(
            "keeps its address", "L-19", "takes connections", Breaches.listener(Keeping::new)));
  }

  private static final class Keeping extends ForwardingListener {
    Keeping(Listener listener) {
      super(listener);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}
  }
}
