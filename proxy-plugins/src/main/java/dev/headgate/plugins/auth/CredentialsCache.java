package dev.headgate.plugins.auth;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.http.RequestHead;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of one session, and the one call of the supplier that may be under way.
 * Thread-safe: {@link #fresh()} reads one volatile field; the rest holds the object's lock for a
 * few instructions, and never while the supplier runs or a waiting request goes on.
 */
final class CredentialsCache {
  private final CredentialsSupplier supplier;
  private final Set<String> only;
  private final long timeoutMillis;
  private final Clock clock;

  /** Present cookies that nobody has refused; null when the supplier must be asked. */
  private volatile @Nullable SessionCookies usable;

  /** Guarded by this: whether what was handed out last has expired or was refused. */
  private boolean reload;

  /** Guarded by this: the call under way; null when there is none. */
  private @Nullable Flight flight;

  CredentialsCache(CredentialsSupplier supplier, Set<String> only, Duration timeout, Clock clock) {
    this.supplier = supplier;
    this.only = only;
    this.timeoutMillis = timeout.toMillis();
    this.clock = clock;
  }

  /** Returns cookies that can be sent now, or null when {@link #load()} must be called. */
  @Nullable SessionCookies fresh() {
    SessionCookies cookies = usable;
    return cookies == null || cookies.expired(clock.millis()) ? null : cookies;
  }

  /**
   * Joins the call of the supplier that is under way, or begins one.
   *
   * @return the cookies, possibly none; fails with {@link CredentialsException}. Shared by all who
   *     wait: to be depended on, not to be completed or cancelled
   */
  CompletableFuture<SessionCookies> load() {
    Flight started;
    boolean reloading;
    synchronized (this) {
      SessionCookies cookies = fresh();
      if (cookies != null) return CompletableFuture.completedFuture(cookies);
      long now = clock.millis();
      if (flight != null && !flight.overdue(now)) return flight.result;
      if (usable != null) {
        usable = null;
        reload = true;
      }
      reloading = reload;
      started = new Flight(now, timeoutMillis);
      flight = started;
    }
    ask(started, reloading);
    return started.result;
  }

  /** Gives up the cookies if they are those that the request, now refused, was sent with. */
  synchronized void refused(RequestHead request) {
    SessionCookies cookies = usable;
    if (cookies != null && cookies.sentWith(request)) {
      usable = null;
      reload = true;
    }
  }

  private void ask(Flight asking, boolean reloading) {
    try {
      CompletionStage<Optional<Credentials>> stage = supplier.load(reloading);
      if (stage == null) throw new CredentialsException("the credentials supplier returned null");
      stage.whenComplete(
          (found, failure) -> {
            if (failure != null) {
              failed(asking, failure);
            } else if (found == null) {
              failed(asking, new CredentialsException("the credentials supplier gave null"));
            } else {
              answered(asking, reloading, found);
            }
          });
    } catch (Throwable failure) {
      failed(asking, failure);
    }
  }

  private void answered(Flight asking, boolean reloading, Optional<Credentials> found) {
    SessionCookies cookies;
    try {
      cookies =
          found
              .map(credentials -> SessionCookies.of(credentials, only))
              .orElseGet(SessionCookies::none);
    } catch (Throwable illegal) {
      failed(asking, illegal);
      return;
    }
    if (!cookies.expired(clock.millis())) {
      settle(asking, cookies);
      asking.result.complete(cookies);
    } else if (!reloading) {
      ask(asking, true);
    } else {
      failed(
          asking,
          new CredentialsException("the credentials supplier gave credentials that had expired"));
    }
  }

  private void failed(Flight asking, Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapped = failure instanceof CompletionException && cause != null;
    settle(asking, null);
    asking.result.completeExceptionally(
        failure instanceof CredentialsException
            ? failure
            : new CredentialsException(
                "the credentials supplier failed", wrapped ? cause : failure));
  }

  /** Ends a call; one that is no longer awaited changes nothing. */
  private synchronized void settle(Flight settled, @Nullable SessionCookies cookies) {
    if (flight != settled) return;
    flight = null;
    if (cookies != null) {
      reload = false;
      usable = cookies.present() ? cookies : null;
    }
  }

  /** One call of the supplier. */
  private static final class Flight {
    final CompletableFuture<SessionCookies> result = new CompletableFuture<>();
    private final long startedAt;
    private final long timeoutMillis;

    Flight(long startedAt, long timeoutMillis) {
      this.startedAt = startedAt;
      this.timeoutMillis = timeoutMillis;
    }

    /** Also when the clock was set back: nobody shall wait for that long. */
    boolean overdue(long now) {
      return now < startedAt || now - startedAt >= timeoutMillis;
    }
  }
}
