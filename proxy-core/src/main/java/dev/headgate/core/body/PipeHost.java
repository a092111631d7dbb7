package dev.headgate.core.body;

import dev.headgate.api.Hook;
import dev.headgate.core.chain.Link;
import dev.headgate.core.http.HeaderList;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a pipe asks of the exchange it belongs to. Thread-safe. */
public interface PipeHost {
  /**
   * Enters the exchange: hooks may be called until {@link #exit}.
   *
   * @return false when the exchange is over, and no hook may be called any more
   */
  boolean enter();

  /** Ends what a successful {@link #enter} began. */
  void exit();

  /**
   * Returns whether a plugin is passed by in this exchange.
   *
   * @param link the plugin
   * @return whether its hooks are not to be called
   */
  boolean skips(Link link);

  /**
   * Records a fault: logs it once, counts it.
   *
   * @param link the plugin
   * @param hook the hook that failed
   * @param cause why
   * @param consequence what becomes of the exchange, for the log
   */
  void fault(Link link, Hook hook, Throwable cause, String consequence);

  /**
   * Runs a call on the blocking executor, within the plugin's hook deadline.
   *
   * @param link the plugin
   * @param call the call
   * @param done told the result or the failure, once, on the exchange's executor
   * @param <T> the type of the result
   * @return false when the exchange is over: the call is not made, and nothing is told
   */
  <T> boolean runBlocking(
      Link link, Callable<T> call, BiConsumer<@Nullable T, @Nullable Throwable> done);

  /**
   * The body broke, by its source, a limit or a plugin; told once, on the reader's thread, before
   * the reader sees the failure. Not told of an abort.
   *
   * @param reason why
   */
  void broken(Throwable reason);

  /**
   * Drops what must not travel on from the trailers of a body.
   *
   * @param trailers as they came, to be changed; null for none
   * @return what is left; null for nothing
   */
  @Nullable HeaderList trailers(@Nullable HeaderList trailers);

  /** A body waits for its next piece. */
  void awaitingInput();

  /** A piece came, and waits to be taken. */
  void gotInput();
}
