package dev.headgate.core.tls;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * Certificates with which a proxy takes the place of hosts, to look into the tunnels of its own
 * clients. Thread-safe.
 */
public interface LeafCertificates {
  /**
   * Returns what shows a certificate for a host. Where there is none yet, one is made.
   *
   * @param host a name or an address, as the client asked for it
   * @param executor where work is done that takes long; never done in this call
   * @return completes with the context; fails if no certificate can be made for such a host
   */
  CompletionStage<SSLContext> context(String host, Executor executor);

  /**
   * Returns whom clients must trust.
   *
   * @return the authority's certificate in PEM, without a key
   */
  String authorityPem();
}
