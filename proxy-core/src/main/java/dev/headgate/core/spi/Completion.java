package dev.headgate.core.spi;

/**
 * Told once when an operation is over. May be called on any thread, also before the operation's
 * method returns; must not block or throw.
 */
public interface Completion {
  /** It worked; for a write: the bytes are out of the engine's hands and the next may be given. */
  void succeeded();

  /**
   * It failed, and nothing further will work on the same exchange.
   *
   * @param reason why
   */
  void failed(Throwable reason);
}
