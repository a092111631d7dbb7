package dev.headgate.core.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this machine, as far as it knows them: behind a translation of addresses it does
 * not know by which it is reached. Thread-safe.
 */
final class OwnAddresses implements Predicate<InetAddress> {
  /** Interfaces come and go, but not with each connection. */
  private static final long FRESH_NANOS = 5_000_000_000L;

  private final LongSupplier nanoTime;
  private volatile @Nullable Known known;

  private record Known(Set<InetAddress> addresses, long expires) {}

  OwnAddresses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean test(InetAddress address) {
    long now = nanoTime.getAsLong();
    Known last = known;
    if (last == null || last.expires - now <= 0) {
      last = new Known(find(), now + FRESH_NANOS);
      known = last;
    }
    return last.addresses.contains(address);
  }

  private static Set<InetAddress> find() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException e) {
      return Set.of(); // in a sandbox without interfaces; all others are checked all the same
    }
  }
}
