package dev.headgate.plugins.auth;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A supplier that remembers how it was asked, and answers when the test says so. Thread-safe. */
final class FakeSupplier implements CredentialsSupplier {
  /** Each call's argument, in order. */
  final List<Boolean> reloads = new ArrayList<>();

  /** Each call's answer, in order. */
  final List<CompletableFuture<Optional<Credentials>>> answers = new ArrayList<>();

  private final List<CompletableFuture<Optional<Credentials>>> prepared = new ArrayList<>();

  /** Makes the next call without a prepared answer find these at once. */
  FakeSupplier thenGive(Credentials credentials) {
    return thenAnswer(CompletableFuture.completedFuture(Optional.of(credentials)));
  }

  FakeSupplier thenGiveNone() {
    return thenAnswer(CompletableFuture.completedFuture(Optional.empty()));
  }

  synchronized FakeSupplier thenAnswer(CompletableFuture<Optional<Credentials>> answer) {
    prepared.add(answer);
    return this;
  }

  @Override
  public synchronized CompletionStage<Optional<Credentials>> load(boolean reload) {
    reloads.add(reload);
    CompletableFuture<Optional<Credentials>> answer =
        prepared.isEmpty() ? new CompletableFuture<>() : prepared.remove(0);
    answers.add(answer);
    return answer;
  }

  /** Answers a call that is pending. */
  void answer(int call, Credentials credentials) {
    answers.get(call).complete(Optional.of(credentials));
  }

  static Credentials cookies(String... namesAndValues) {
    return expiring(null, namesAndValues);
  }

  static Credentials expiring(String at, String... namesAndValues) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      cookies.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Credentials(cookies, at == null ? null : Instant.parse(at));
  }
}
