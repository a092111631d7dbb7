package dev.headgate.plugins.metrics;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.PluginScheduler;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches to the API, each time with the session's credentials of that moment: new ones when
 * those at hand are expired or were refused the last time. Thread-safe.
 */
final class SyncClient {
  private final SharedHttp http;
  private final MetricsSettings settings;
  private final CredentialsSupplier credentials;
  private final PluginScheduler scheduler;
  private final Clock clock;
  private volatile boolean refused;

  SyncClient(
      SharedHttp http,
      MetricsSettings settings,
      CredentialsSupplier credentials,
      PluginScheduler scheduler,
      Clock clock) {
    this.http = http;
    this.settings = settings;
    this.credentials = credentials;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /**
   * Sends a batch once. Nothing of it blocks.
   *
   * @param batch what to send
   * @param listener told the answer, once, on any thread; must not throw
   * @return the attempt, to cancel it
   */
  Attempt post(Batch batch, Consumer<Answer> listener) {
    Attempt attempt =
        new Attempt(
            answer -> {
              if (answer instanceof Answer.Status got) refused = got.unauthorized();
              listener.accept(answer);
            });
    attempt.timer(
        scheduler.schedule(
            settings.requestTimeout(),
            () ->
                attempt.end(
                    new Answer.Unreachable(
                        new HttpTimeoutException("none within " + settings.requestTimeout())))));
    load()
        .whenComplete(
            (loaded, failure) -> {
              if (failure == null) {
                send(batch, loaded, attempt);
              } else {
                attempt.end(new Answer.NoCredentials(typeOf(failure)));
              }
            });
    return attempt;
  }

  /** Returns where it sends to, as logs may show it. */
  String endpointForLogs() {
    return settings.endpointForLogs();
  }

  private CompletionStage<Optional<Credentials>> load() {
    boolean reload = refused;
    CompletionStage<Optional<Credentials>> stage;
    try {
      stage = credentials.load(reload);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (reload) return stage;
    return stage.thenCompose(
        loaded ->
            loaded.isPresent() && loaded.get().expired(clock.instant())
                ? credentials.load(true)
                : CompletableFuture.completedFuture(loaded));
  }

  private void send(Batch batch, Optional<Credentials> loaded, Attempt attempt) {
    if (attempt.ended()) return;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.endpoint())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("Idempotency-Key", batch.key())
            .POST(HttpRequest.BodyPublishers.ofString(batch.body()));
    try {
      Optional<String> cookies = loaded.flatMap(CookieHeader::of);
      if (cookies.isPresent()) request.header("Cookie", cookies.get());
    } catch (IllegalArgumentException e) {
      attempt.end(new Answer.NoCredentials(String.valueOf(e.getMessage())));
      return;
    }
    BodyHandler<@Nullable Void> body =
        head -> {
          attempt.status(head.statusCode());
          return BodySubscribers.discarding();
        };
    CompletableFuture<HttpResponse<@Nullable Void>> call =
        http.client().sendAsync(request.build(), body);
    attempt.call(
        call.whenComplete(
            (response, failure) ->
                attempt.end(
                    failure == null
                        ? new Answer.Status(response.statusCode())
                        : new Answer.Unreachable(failure))));
  }

  /** Names a failure without its message, which comes from someone who handles secrets. */
  private static String typeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return (failure instanceof CompletionException && cause != null ? cause : failure)
        .getClass()
        .getName();
  }
}
