package dev.headgate.core.egress;

import dev.headgate.api.HostPort;
import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.Resolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, remembers the answers for a fixed time, and gives away only those addresses that
 * the policy allows. Each use is checked, also of an answer that is remembered. Never gives the
 * address that the proxy itself listens on. Thread-safe.
 */
public final class CheckedResolver implements Resolver {
  /** So many names are remembered; a crowd of others can't fill the memory. */
  private static final int MOST_NAMES = 10_000;

  /** So many threads wait for the answers of others at most. */
  private static final int MOST_LOOKUPS = 64;

  private static final int MOST_WAITING = 1000;

  private final AddressPolicy policy;
  private final NameLookup lookup;
  private final LongSupplier nanoTime;
  private final long positiveNanos;
  private final long negativeNanos;
  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();
  private final Lookups lookups = new Lookups(MOST_LOOKUPS, MOST_WAITING);
  private final Predicate<InetAddress> machine;
  private volatile @Nullable InetSocketAddress own;

  /** What is known of a name, or about to be. */
  private static final class Answer {
    final CompletableFuture<InetAddress[]> addresses = new CompletableFuture<>();
    volatile long expires;

    boolean isFresh(long now) {
      return !addresses.isDone() || expires - now > 0;
    }
  }

  /**
   * Makes one.
   *
   * @param policy which addresses are given away
   * @param lookup finds the addresses of names
   * @param nanoTime the engine's time
   * @param positive how long an answer is remembered; above zero
   * @param negative how long it is remembered that there is none; above zero
   */
  public CheckedResolver(
      AddressPolicy policy,
      NameLookup lookup,
      LongSupplier nanoTime,
      Duration positive,
      Duration negative) {
    this.policy = policy;
    this.lookup = lookup;
    this.nanoTime = nanoTime;
    this.positiveNanos = positive.toNanos();
    this.negativeNanos = negative.toNanos();
    this.machine = new OwnAddresses(nanoTime);
  }

  /**
   * Says where the proxy itself listens, which is never given away.
   *
   * @param address the bound address
   */
  public void listensOn(InetSocketAddress address) {
    own = address;
  }

  @Override
  public @Nullable List<InetSocketAddress> known(HostPort address) throws AddressDeniedException {
    InetAddress literal = AddressLiteral.parse(address.host());
    if (literal != null) return check(address, new InetAddress[] {literal});
    Answer answer = answers.get(key(address));
    boolean usable =
        answer != null
            && answer.addresses.isDone()
            && !answer.addresses.isCompletedExceptionally()
            && answer.isFresh(nanoTime.getAsLong());
    return usable && answer != null ? check(address, answer.addresses.join()) : null;
  }

  @Override
  public List<InetSocketAddress> resolve(HostPort address)
      throws UnknownHostException, AddressDeniedException {
    List<InetSocketAddress> known = known(address);
    if (known != null) return known;
    InetAddress[] found;
    try {
      found = answer(key(address), Runnable::run).addresses.join();
    } catch (CompletionException e) {
      throw unknown(key(address), e);
    }
    return check(address, found);
  }

  @Override
  public CompletionStage<List<InetSocketAddress>> resolve(HostPort address, Executor blocking) {
    try {
      List<InetSocketAddress> known = known(address);
      if (known != null) return CompletableFuture.completedFuture(known);
    } catch (AddressDeniedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return answer(key(address), blocking)
        .addresses
        .handle(
            (found, failure) -> {
              try {
                if (failure != null) throw unknown(key(address), failure);
                return check(address, found);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
  }

  private static String key(HostPort address) {
    return address.host().toLowerCase(Locale.ROOT);
  }

  private static UnknownHostException unknown(String name, Throwable reason) {
    UnknownHostException unknown = new UnknownHostException(name);
    unknown.initCause(reason);
    return unknown;
  }

  /** One lookup at a time for a name; who asks meanwhile waits for its answer, without a thread. */
  private Answer answer(String name, Executor blocking) {
    long now = nanoTime.getAsLong();
    Answer mine = new Answer();
    Answer answer =
        answers.compute(name, (key, old) -> old != null && old.isFresh(now) ? old : mine);
    if (answer == mine) {
      lookups.run(
          () -> fetch(name, mine),
          () -> failed(mine, new UnknownHostException("too many lookups")),
          blocking);
    }
    return answer;
  }

  private void fetch(String name, Answer answer) {
    try {
      InetAddress[] found = lookup.lookup(name);
      if (found == null || found.length == 0) throw new UnknownHostException(name);
      answer.expires = nanoTime.getAsLong() + positiveNanos;
      answer.addresses.complete(found.clone());
    } catch (UnknownHostException | RuntimeException e) {
      failed(answer, e);
    } finally {
      // An error such as NoClassDefFoundError is the thread's to report.
      failed(answer, new IllegalStateException("the lookup failed"));
    }
    if (answers.size() > MOST_NAMES) forget();
  }

  private void failed(Answer answer, Throwable reason) {
    if (answer.addresses.isDone()) return;
    answer.expires = nanoTime.getAsLong() + negativeNanos;
    answer.addresses.completeExceptionally(reason);
  }

  private void forget() {
    long now = nanoTime.getAsLong();
    answers.values().removeIf(answer -> !answer.isFresh(now));
    if (answers.size() > MOST_NAMES) answers.values().removeIf(answer -> answer.addresses.isDone());
  }

  private List<InetSocketAddress> check(HostPort asked, InetAddress[] found)
      throws AddressDeniedException {
    List<InetSocketAddress> allowed = new ArrayList<>(found.length);
    for (InetAddress address : found) {
      if (policy.allows(asked.host(), address, machine) && !isOwn(address, asked.port())) {
        allowed.add(new InetSocketAddress(address, asked.port()));
      }
    }
    if (allowed.isEmpty()) {
      throw new AddressDeniedException("no address of " + asked + " may be connected to");
    }
    return allowed;
  }

  private boolean isOwn(InetAddress address, int port) {
    InetSocketAddress mine = own;
    if (mine == null || mine.getPort() != port) return false;
    if (address.isAnyLocalAddress() || address.equals(mine.getAddress())) return true;
    // 127.0.0.2 reaches a listener on 0.0.0.0 as well, and so does each address of this machine.
    if (!mine.getAddress().isAnyLocalAddress()) return false;
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // can't tell: better not
    }
  }
}
