package dev.headgate.intercept;

import dev.headgate.core.spi.Backend;
import dev.headgate.core.tls.LeafCertificates;
import dev.headgate.jetty.JettyBackend;
import dev.headgate.tck.BackendTck;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.socket.SocketEnvironment;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** The rules of interception, with authorities of this module; proxy-jetty runs the others. */
class InspectionTckTest extends BackendTck {
  /** A backend with sockets, and authorities. */
  static class Environment extends SocketEnvironment {
    Environment(Backend backend) {
      super(backend);
    }

    @Override
    public Optional<LeafCertificates> newAuthority() {
      return Optional.of(CertificateAuthority.inMemory().leaves(10));
    }
  }

  @Override
  protected TckEnvironment environment() {
    return new Environment(new JettyBackend());
  }

  @Override
  @TestFactory
  protected Stream<DynamicContainer> rules() {
    return super.rules().filter(group -> group.getDisplayName().startsWith("I "));
  }
}
