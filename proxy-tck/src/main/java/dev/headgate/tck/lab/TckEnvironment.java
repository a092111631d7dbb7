package dev.headgate.tck.lab;

import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.tls.LeafCertificates;
import java.util.Optional;
import java.util.Set;

/**
 * A backend with all that the rules need to test it. Immutable and thread-safe; what belongs to one
 * run of a rule is in its {@link Driver}.
 */
public interface TckEnvironment {
  /**
   * Returns the name shown with results.
   *
   * @return such as {@code jetty}
   */
  String name();

  /**
   * Returns what the backend can do. Rules that need more are shown as unsupported.
   *
   * @return an immutable set
   */
  Set<Capability> capabilities();

  /**
   * Returns the stated bound of back-pressure: how many bytes of one body, in one direction, can be
   * between a sender and a receiver that does not read; all buffers on the way count.
   *
   * @return bytes
   */
  long stallBytes();

  /**
   * Starts an engine, and what can reach it.
   *
   * @param name a name for the engine's threads, unique in this JVM
   * @param log where to tell what clients and origins do
   * @return the driver of one run; the caller closes it
   * @throws Exception if it can't be started
   */
  Driver open(String name, EventLog log) throws Exception;

  /**
   * Makes a certificate authority, for the rules of inspection. An environment that can't must not
   * declare {@link Capability#INSPECTION}.
   *
   * @return a new one on each call; none by default
   */
  default Optional<LeafCertificates> newAuthority() {
    return Optional.empty();
  }

  /**
   * Stands between the engine and the plugins of the rules. For tests of the tests, which break the
   * chain here.
   *
   * @param plugin as the rule made it
   * @return what the engine is given; the same by default
   */
  default ProxyPlugin adapt(ProxyPlugin plugin) {
    return plugin;
  }
}
