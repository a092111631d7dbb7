package dev.headgate.core.egress;

import dev.headgate.core.tls.ListenerTlsContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;

/**
 * {@link InspectOptions} at work: remembers which hosts' certificates were refused. Thread-safe.
 */
public final class Inspecting {
  private static final int MAX_REFUSED = 10_000;

  private final InspectOptions options;
  private final LongSupplier nanoTime;

  /** Until when a host is passed through. Guarded by itself; the oldest go when it is full. */
  private final Map<String, Long> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_REFUSED;
        }
      };

  Inspecting(InspectOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /**
   * Says whether tunnels to a host are looked into where no plugin decides.
   *
   * @param host as the client asked for it
   * @return whether they are
   */
  public boolean inspects(String host) {
    return options.hosts.contain(host);
  }

  /**
   * Says whether tunnels to a host are left alone, whoever asks to look into them.
   *
   * @param host as the client asked for it
   * @return whether they are
   */
  public boolean passes(String host) {
    if (options.passed.contain(host)) return true;
    if (options.passedAfterRefusal == null) return false;
    String name = host.toLowerCase(Locale.ROOT);
    synchronized (refused) {
      Long until = refused.get(name);
      if (until == null) return false;
      if (until - nanoTime.getAsLong() > 0) return true;
      refused.remove(name);
      return false;
    }
  }

  /**
   * A client refused the certificate that was made for a host.
   *
   * @param host as the client asked for it
   */
  public void refused(String host) {
    Duration time = options.passedAfterRefusal;
    if (time == null) return;
    String name = host.toLowerCase(Locale.ROOT);
    synchronized (refused) {
      refused.remove(name);
      refused.put(name, nanoTime.getAsLong() + time.toNanos());
    }
  }

  /**
   * Makes the TLS side towards a client that asked for a host.
   *
   * @param host as the client asked for it
   * @param executor where a certificate is made, if there is none yet
   * @return completes with an engine; fails if no certificate can be made for such a host
   */
  public CompletionStage<SSLEngine> engine(String host, Executor executor) {
    try {
      return options.leaves.context(host, executor).thenApply(ListenerTlsContext::newEngine);
    } catch (Throwable t) {
      return CompletableFuture.failedFuture(t); // null, too: the certificates may be anybody's
    }
  }
}
