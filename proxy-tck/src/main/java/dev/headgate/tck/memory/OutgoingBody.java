package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A body that a scripted client or upstream sends. Each call adds a step; steps are done in order,
 * each as soon as the one before is through, and none of them blocks the caller. A step that meets
 * a full window ({@link MemoryEngine#WINDOW_BYTES}) waits for room, so {@link #sentBytes()} shows
 * where a sender stalls.
 *
 * <p>Pieces arrive as they were written, up to {@link MemoryEngine#MAX_CONTENT_BYTES} each, unless
 * a full window splits them. Thread-safe.
 */
public final class OutgoingBody {
  private final MemoryEngine engine;
  private final String who;
  private final Pipe pipe;
  private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
  private boolean busy;
  private boolean running;
  private boolean held;
  private boolean closed;
  private long expected = -1;
  private long written;

  OutgoingBody(MemoryEngine engine, String who, Pipe pipe) {
    this.engine = engine;
    this.who = who;
    this.pipe = pipe;
    pipe.onFailed(steps::clear);
  }

  /**
   * The length that Content-Length promised; the pipe breaks where the body differs. With the lock
   * held.
   */
  void expect(long length) {
    expected = length;
  }

  /** Keeps steps from being done until {@link #release()}. With the lock held. */
  void hold() {
    held = true;
  }

  /** Lets the steps go on. With the lock held. */
  void release() {
    held = false;
    run();
  }

  /** Adds a step that sends a head. */
  void head(Wire.Head head) {
    step(() -> put(head));
  }

  /**
   * Sends a piece.
   *
   * @param text UTF-8 text
   * @return this
   */
  public OutgoingBody send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a piece.
   *
   * @param bytes the bytes, copied; none: nothing is sent
   * @return this
   */
  public OutgoingBody send(byte[] bytes) {
    byte[] copy = bytes.clone();
    return step(() -> piece(copy, false, null));
  }

  /**
   * Sends pieces that are taken from an iterator as the window has room.
   *
   * @param pieces asked with the engine's lock held, so it must neither block nor use the engine
   * @return this
   */
  public OutgoingBody sendAll(Iterator<ByteBuffer> pieces) {
    return step(() -> next(pieces));
  }

  /**
   * Sends a piece that is the last one.
   *
   * @param text UTF-8 text
   * @return this
   */
  public OutgoingBody sendLast(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return close(() -> piece(bytes, true, null));
  }

  /**
   * Ends the body with an empty last piece.
   *
   * @return this
   */
  public OutgoingBody end() {
    return close(() -> piece(new byte[0], true, null));
  }

  /**
   * Ends the body with trailers.
   *
   * @param namesAndValues name, value, name, value …
   * @return this
   */
  public OutgoingBody endWithTrailers(String... namesAndValues) {
    HeaderList trailers = Heads.of(namesAndValues);
    return close(() -> piece(new byte[0], true, trailers));
  }

  /**
   * Breaks the connection when all steps before are through. What was sent can still be read.
   *
   * @return this
   */
  public OutgoingBody abort() {
    return close(() -> pipe.fail(new EOFException(who + " broke off"), false));
  }

  /**
   * Waits in virtual time.
   *
   * @param pause how long, from when the steps before are through
   * @return this
   */
  public OutgoingBody delay(Duration pause) {
    return step(
        () -> {
          busy = true;
          engine.loop().schedule(pause.toNanos(), () -> engine.loop().locked(this::goOn), true);
        });
  }

  /**
   * Returns how many bytes the window took. The receiver has read all of them but for at most the
   * window.
   *
   * @return 0 or more
   */
  public long sentBytes() {
    return engine.loop().get(pipe::acceptedBytes);
  }

  /**
   * Returns why nothing further can be sent.
   *
   * @return the reason; null while the connection stands
   */
  public @Nullable Throwable failure() {
    return engine.loop().get(pipe::failure);
  }

  /** Waits until all steps are through, or the connection broke. For the test's thread. */
  public void awaitSent() {
    engine
        .loop()
        .await(
            who + " has sent everything",
            () -> pipe.failure() != null || (steps.isEmpty() && !busy && !held));
  }

  private OutgoingBody close(Runnable last) {
    return engine
        .loop()
        .get(
            () -> {
              step(last);
              closed = true;
              return this;
            });
  }

  private OutgoingBody step(Runnable step) {
    return engine
        .loop()
        .get(
            () -> {
              if (closed) throw new IllegalStateException(who + " has ended its body already");
              steps.add(step);
              run();
              return this;
            });
  }

  private void run() {
    if (running) return;
    running = true;
    try {
      while (!busy && !held && !steps.isEmpty()) {
        if (pipe.failure() != null) {
          steps.clear();
        } else {
          steps.remove().run();
        }
      }
    } finally {
      running = false;
    }
  }

  private void goOn() {
    busy = false;
    run();
  }

  private void piece(byte[] bytes, boolean last, @Nullable HeaderList trailers) {
    if (bytes.length == 0 && !last) return;
    written += bytes.length;
    if (expected >= 0 && (written > expected || (last && written < expected))) {
      String what = " promised " + expected + " bytes and sent " + written;
      pipe.fail(new EOFException(who + what), false);
      return;
    }
    if (bytes.length > 0) engine.record(who, "sends " + bytes.length);
    if (last) engine.record(who, "ends");
    put(new Wire.Bytes(bytes, 0, last, trailers));
  }

  private void next(Iterator<ByteBuffer> pieces) {
    if (!pieces.hasNext()) return;
    ByteBuffer piece = pieces.next();
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    steps.addFirst(() -> next(pieces));
    piece(bytes, false, null);
  }

  private void put(Wire item) {
    busy = true;
    boolean fitted =
        pipe.write(
            item,
            new Pipe.Waiting() {
              @Override
              public void accepted() {
                goOn();
              }

              @Override
              public void failed(Throwable reason) {
                goOn();
              }
            });
    if (fitted) busy = false;
  }
}
