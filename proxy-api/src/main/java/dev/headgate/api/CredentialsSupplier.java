package dev.headgate.api;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where credentials come from: a key store, a login helper, a file. Thread-safe. */
@FunctionalInterface
public interface CredentialsSupplier {
  /**
   * Returns the credentials of the session. Must not block: slow work completes the stage later.
   *
   * @param reload whether to get new ones, since those handed out before are expired or were
   *     refused
   * @return a stage with the credentials, or empty when there are none; it fails when they can't be
   *     got
   */
  CompletionStage<Optional<Credentials>> load(boolean reload);

  /**
   * Returns a supplier that has none.
   *
   * @return the supplier
   */
  static CredentialsSupplier none() {
    return reload -> CompletableFuture.completedFuture(Optional.empty());
  }

  /**
   * Returns a supplier of fixed credentials.
   *
   * @param credentials the credentials
   * @return the supplier
   */
  static CredentialsSupplier of(Credentials credentials) {
    return reload -> CompletableFuture.completedFuture(Optional.of(credentials));
  }
}
