package dev.headgate.core.spi;

import dev.headgate.api.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Says which addresses stand behind the name of an upstream, and refuses those that must not be
 * connected to. A backend connects to exactly the addresses that it got, and looks nothing up by
 * itself: what was checked is what is used. Thread-safe; compared by identity.
 */
public interface Resolver {
  /**
   * Returns a resolver that asks the system and allows every address.
   *
   * @return the only one of its kind
   */
  static Resolver direct() {
    return DirectResolver.INSTANCE;
  }

  /**
   * Returns the addresses of a host without waiting.
   *
   * @param address a name or address literal, and a port
   * @return one or more, in the order in which they are tried; null when they are not at hand, so
   *     that {@link #resolve} must be asked
   * @throws AddressDeniedException if none of them may be connected to
   */
  @Nullable List<InetSocketAddress> known(HostPort address) throws AddressDeniedException;

  /**
   * Returns the addresses of a host. May block, so it is called on the blocking executor.
   *
   * @param address a name or address literal, and a port
   * @return one or more, in the order in which they are tried
   * @throws UnknownHostException if there are none
   * @throws AddressDeniedException if none of them may be connected to
   */
  List<InetSocketAddress> resolve(HostPort address)
      throws UnknownHostException, AddressDeniedException;

  /**
   * The same without waiting. A resolver that has answers for several to wait for holds no thread
   * for each.
   *
   * @param address a name or address literal, and a port
   * @param blocking where a lookup may block
   * @return completes as {@link #resolve(HostPort)} returns, on any thread
   */
  default CompletionStage<List<InetSocketAddress>> resolve(HostPort address, Executor blocking) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return resolve(address);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        blocking);
  }
}
