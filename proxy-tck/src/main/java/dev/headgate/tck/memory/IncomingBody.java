package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body as a scripted client or upstream receives it. Takes what comes at once, unless paused:
 * then the window fills ({@link MemoryEngine#WINDOW_BYTES}) and the sender stalls.
 *
 * <p>Thread-safe. The {@code await} methods are for the test's thread; each fails with an {@link
 * AssertionError} when what it waits for can't come any more, or when nothing at all happened for
 * 20 s.
 */
public final class IncomingBody {
  private static final int KEPT_BYTES = 4 << 20;

  private final MemoryEngine engine;
  private final String who;
  private final Pipe pipe;
  private final Consumer<Wire.Head> heads;
  private final Runnable onEnd;
  private final Kept kept = new Kept();
  private long allowance = Long.MAX_VALUE;
  private long received;
  private BodyEnding ending = BodyEnding.OPEN;
  private @Nullable Throwable failure;
  private @Nullable HeaderList trailers;
  private boolean draining;
  private boolean takesHeads;

  /** The bytes so far; looked at often, so without a copy. */
  private static final class Kept extends ByteArrayOutputStream {
    synchronized boolean endsWith(byte[] end) {
      int from = count - end.length;
      return from >= 0 && Arrays.equals(buf, from, count, end, 0, end.length);
    }
  }

  /** {@code heads} and {@code onEnd} are called with the engine's lock. */
  IncomingBody(
      MemoryEngine engine, String who, Pipe pipe, Consumer<Wire.Head> heads, Runnable onEnd) {
    this.engine = engine;
    this.who = who;
    this.pipe = pipe;
    this.heads = heads;
    this.onEnd = onEnd;
  }

  void open() {
    pipe.onReadable(this::drain);
    drain();
  }

  /** Takes nothing more until told to: neither heads nor bytes. */
  public void pause() {
    engine
        .loop()
        .locked(
            () -> {
              allowance = 0;
              takesHeads = false;
            });
  }

  /** Takes heads from now on, also while bytes are paused. */
  public void allowHeads() {
    engine
        .loop()
        .locked(
            () -> {
              takesHeads = true;
              drain();
            });
  }

  /** Takes everything again. */
  public void resume() {
    allow(Long.MAX_VALUE);
  }

  /**
   * Takes so many bytes more, then pauses.
   *
   * @param bytes one or more; any number that arrives further on stays in the window
   */
  public void allow(long bytes) {
    engine
        .loop()
        .locked(
            () -> {
              allowance = bytes == Long.MAX_VALUE ? bytes : Math.min(allowance, 0) + bytes;
              drain();
            });
  }

  /**
   * Returns how many bytes were taken.
   *
   * @return 0 or more
   */
  public long receivedBytes() {
    return engine.loop().get(() -> received);
  }

  /**
   * Returns what was taken so far.
   *
   * @return a copy
   * @throws IllegalStateException if it is more than 4 MiB, of which only the beginning is kept
   */
  public byte[] bytes() {
    return engine
        .loop()
        .get(
            () -> {
              if (received > KEPT_BYTES) {
                throw new IllegalStateException(
                    "only the first " + KEPT_BYTES + " bytes of " + received + " were kept");
              }
              return kept.toByteArray();
            });
  }

  /**
   * Returns what was taken so far as text.
   *
   * @return UTF-8 text
   */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /**
   * Returns the trailers.
   *
   * @return a copy; null when there were none, or the end has not come
   */
  public @Nullable HeaderList trailers() {
    return engine.loop().get(() -> trailers == null ? null : trailers.copy());
  }

  /**
   * Returns how it stands.
   *
   * @return the ending so far
   */
  public BodyEnding ending() {
    return engine.loop().get(() -> ending);
  }

  /**
   * Returns why it broke off.
   *
   * @return the reason; null unless the ending is unclean
   */
  public @Nullable Throwable failure() {
    return engine.loop().get(() -> failure);
  }

  /**
   * Waits for so many bytes.
   *
   * @param bytes how many in all
   */
  public void awaitBytes(long bytes) {
    await(who + " has received " + bytes + " bytes", () -> received >= bytes);
  }

  /**
   * Waits for so many bytes, or the end, clean or not.
   *
   * @param bytes how many in all
   */
  public void awaitBytesOrEnd(long bytes) {
    engine
        .loop()
        .await(
            who + " has received " + bytes + " bytes",
            () -> received >= bytes || ending != BodyEnding.OPEN);
  }

  /**
   * Waits until the text so far ends with a text.
   *
   * @param end the end of the text
   */
  public void awaitText(String end) {
    byte[] bytes = end.getBytes(StandardCharsets.UTF_8);
    await(who + " has received '" + end + "'", () -> kept.endsWith(bytes));
  }

  /**
   * Waits for the end, clean or not.
   *
   * @return which of them it was
   */
  public BodyEnding awaitEnd() {
    engine.loop().await(who + " has seen the body's end", () -> ending != BodyEnding.OPEN);
    return ending();
  }

  private void await(String what, BooleanSupplier condition) {
    engine.loop().await(what, () -> condition.getAsBoolean() || ending != BodyEnding.OPEN);
    if (!engine.loop().get(condition::getAsBoolean)) {
      throw new AssertionError(
          "expected that " + what + ", but the body ended " + ending() + " after " + received);
    }
  }

  /** The body ends without anything on the pipe: there is none, or the connection is gone. */
  void finish(BodyEnding how, @Nullable Throwable reason) {
    if (ending != BodyEnding.OPEN) return;
    ending = how;
    failure = reason;
    String why = reason == null ? "" : ": " + reason.getMessage();
    engine.record(who, how == BodyEnding.CLEAN ? "end" : "broken off" + why);
    onEnd.run();
  }

  private void drain() {
    if (draining) return;
    draining = true;
    try {
      while (ending == BodyEnding.OPEN && takeNext()) {}
    } finally {
      draining = false;
    }
  }

  private boolean takeNext() {
    boolean headsOnly = allowance <= 0;
    if (headsOnly && !(takesHeads && (pipe.peek() instanceof Wire.Head || broken()))) return false;
    Wire item = pipe.poll((int) Math.min(allowance, Integer.MAX_VALUE));
    if (item instanceof Wire.Head head) {
      heads.accept(head);
      return true;
    }
    if (item instanceof Wire.Bytes bytes) {
      take(bytes);
      return true;
    }
    Throwable reason = pipe.failure();
    if (reason != null) finish(BodyEnding.UNCLEAN, reason);
    return false;
  }

  /** Nothing can come any more. */
  private boolean broken() {
    return pipe.failure() != null && pipe.peek() == null;
  }

  private void take(Wire.Bytes piece) {
    int size = piece.size();
    if (size > 0) {
      received += size;
      if (allowance != Long.MAX_VALUE) allowance -= size;
      int room = Math.max(0, KEPT_BYTES - kept.size());
      kept.write(piece.bytes(), piece.from(), Math.min(room, size));
      engine.record(who, "bytes " + size);
    }
    if (!piece.last()) return;
    trailers = piece.trailers();
    finish(BodyEnding.CLEAN, null);
  }
}
