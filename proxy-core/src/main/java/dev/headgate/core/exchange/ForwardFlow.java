package dev.headgate.core.exchange;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.context.LiveRequestHead;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.ParentProxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request that is meant for a forward proxy: authenticated before all hooks, and sent to the
 * target that it names itself when no route matches.
 */
final class ForwardFlow {
  private final Exchange exchange;
  private final Egress egress;
  private final LiveRequestHead head;

  ForwardFlow(Exchange exchange, Egress egress) {
    this.exchange = exchange;
    this.egress = egress;
    this.head = exchange.facts().request();
  }

  static ProxyError denied(AddressDeniedException reason) {
    return new ProxyFault(
        ErrorCode.ADDRESS_DENIED, Phase.ROUTE, "This proxy does not connect there.", reason);
  }

  // --- who asks

  /** Goes on when the client may; else refuses it. */
  void authenticate(Runnable next) {
    if (!egress.authenticates()) {
      next.run();
      return;
    }
    exchange.heard(false);
    Attempt attempt = new Attempt(next);
    try {
      egress.authenticate(head.headers()).whenComplete(attempt::settle);
    } catch (Throwable t) {
      attempt.settle(null, t); // the stage is the application's own code
    }
    attempt.await();
  }

  /** One check of credentials, which is settled once: by its result or by its deadline. */
  private final class Attempt {
    private final Runnable next;
    private final AtomicBoolean settled = new AtomicBoolean();
    private boolean waiting;
    private @Nullable Runnable outcome;
    private Engine.@Nullable Timer timer;

    Attempt(Runnable next) {
      this.next = next;
    }

    void settle(@Nullable Boolean allowed, @Nullable Throwable failure) {
      if (!settled.compareAndSet(false, true)) return;
      Runnable then = () -> decide(allowed, failure);
      synchronized (this) {
        if (timer != null) timer.cancel();
        outcome = then;
        if (!waiting) return;
      }
      exchange.engine().executor().execute(then);
    }

    void await() {
      Runnable then;
      synchronized (this) {
        then = outcome;
        waiting = then == null;
        if (waiting) {
          timer =
              exchange
                  .engine()
                  .schedule(
                      egress.authenticationTime().toNanos(),
                      () -> settle(null, new TimeoutException("no answer from the check in time")));
        }
      }
      if (then != null) then.run();
    }

    private void decide(@Nullable Boolean allowed, @Nullable Throwable failure) {
      if (failure != null) {
        exchange.fail(
            new ProxyFault(
                ErrorCode.INTERNAL,
                Phase.RECEIVE_REQUEST,
                "The proxy could not check the credentials.",
                failure));
      } else if (allowed != null && allowed) {
        head.headers().drop("Proxy-Authorization");
        exchange.heard(true);
        next.run();
      } else {
        exchange.fail(
            new ClientFault(
                ErrorCode.PROXY_AUTH_REQUIRED,
                Phase.RECEIVE_REQUEST,
                "The proxy does not know this client."),
            egress.challenge());
      }
    }
  }

  // --- where to

  /** Returns the way to the target that the request names; null when the exchange has failed. */
  @Nullable Destination destination() {
    ProxyError denial = egress.denial(head.host());
    if (denial != null) {
      exchange.fail(denial);
      return null;
    }
    boolean secure = head.scheme().equals("https");
    HostPort address = new HostPort(head.host(), port(secure));
    try {
      Destination destination = egress.requests(new Target(head.scheme(), address));
      exchange.facts().target(destination.target());
      return destination;
    } catch (AddressDeniedException e) {
      exchange.fail(denied(e));
      return null;
    }
  }

  private int port(boolean secure) {
    String authority = head.authority();
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) return Integer.parseInt(authority.substring(colon + 1));
    return secure ? 443 : 80;
  }

  /**
   * Returns the proxy that gets this request in absolute-form; null when the target itself does.
   */
  static @Nullable ParentProxy asked(Destination destination) {
    ParentProxy parent = destination.parent();
    boolean asks =
        parent != null && parent.kind() == ParentProxy.Kind.HTTP && !destination.target().secure();
    return asks ? parent : null;
  }

  /** Returns what a proxy is told of who asks it; null for nothing. */
  static @Nullable String authorization(ParentProxy parent) {
    ParentProxy.Login login = parent.credentials();
    if (login == null) return null;
    byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
