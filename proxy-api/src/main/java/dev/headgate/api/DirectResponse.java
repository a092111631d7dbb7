package dev.headgate.api;

import dev.headgate.api.http.HeaderField;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * A response that comes from a plugin or a handler, not from an upstream: a cache hit, a refusal, a
 * generated event stream. Immutable; made with {@link #status(int)}. One with bytes may be sent any
 * number of times, one with a stream as often as its publisher may be subscribed to.
 *
 * <p>The engine adds {@code Content-Length} or chunked coding; fields of framing in {@link
 * #headers()} are ignored.
 *
 * @param status 200 to 599
 * @param headers the fields, in order
 * @param body the body
 */
public record DirectResponse(int status, List<HeaderField> headers, Body body) {
  /**
   * Checks the status.
   *
   * @param status 200 to 599
   * @param headers the fields, in order
   * @param body the body
   * @throws IllegalArgumentException if it is out of range
   */
  public DirectResponse {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be 200 to 599, but was " + status);
    }
    headers = List.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }

  /** The body of a direct response. */
  public sealed interface Body permits Bytes, Stream {}

  /**
   * A body that is at hand.
   *
   * @param bytes the bytes from position to limit, which must not change any more; none for no body
   */
  public record Bytes(ByteBuffer bytes) implements Body {
    /**
     * Checks that there is a buffer.
     *
     * @param bytes the bytes from position to limit, which must not change any more
     */
    public Bytes {
      Objects.requireNonNull(bytes, "bytes");
    }
  }

  /**
   * A body that comes as it is made. The engine subscribes once for each sending, asks for one
   * buffer after the other as the client takes them, and cancels when the client goes away. A
   * buffer belongs to the engine once it was published. For how long a publisher may be silent only
   * the exchange's own limit says.
   *
   * <p>{@code onError} is a fault of whoever gave the body, and so are a call that throws, a buffer
   * that was not asked for, and null: it is counted, logged and told as {@code plugin_failed}, with
   * the hook in which the body was given. Whatever the failure policy, the response is cut off, as
   * nobody else has the rest of it: the client sees an unclean end, or 500 where nothing has gone
   * out. What comes after such a fault, after {@code onComplete}, or after the cancellation has no
   * effect; to throw when cancelled is a fault that only counts.
   *
   * @param publisher of the bytes, in order; never of an empty buffer's sake
   */
  public record Stream(Flow.Publisher<ByteBuffer> publisher) implements Body {
    /**
     * Checks that there is a publisher.
     *
     * @param publisher of the bytes, in order
     */
    public Stream {
      Objects.requireNonNull(publisher, "publisher");
    }
  }

  /**
   * Begins a response.
   *
   * @param status 200 to 599
   * @return a builder, not thread-safe
   */
  public static Builder status(int status) {
    return new Builder(status);
  }

  /** Collects a response; not thread-safe. Each of the last methods makes the response. */
  public static final class Builder {
    private final int status;
    private final List<HeaderField> headers = new ArrayList<>();

    private Builder(int status) {
      this.status = status;
    }

    /**
     * Adds a field.
     *
     * @param name its name
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if one is not legal
     */
    public Builder header(String name, String value) {
      headers.add(new HeaderField(name, value));
      return this;
    }

    /**
     * Makes it without a body.
     *
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public DirectResponse empty() {
      return bytes(ByteBuffer.allocate(0));
    }

    /**
     * Makes it with a text in UTF-8; adds {@code Content-Type: text/plain; charset=utf-8} unless
     * one was set.
     *
     * @param text the text
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public DirectResponse text(String text) {
      return typed("text/plain; charset=utf-8", text);
    }

    /**
     * Makes it with a JSON text; adds {@code Content-Type: application/json} unless one was set.
     *
     * @param json the JSON text
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public DirectResponse json(String json) {
      return typed("application/json", json);
    }

    /**
     * Makes it with bytes, which are not copied.
     *
     * @param bytes the bytes from position to limit, which must not change any more
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public DirectResponse bytes(ByteBuffer bytes) {
      return new DirectResponse(status, headers, new Bytes(bytes));
    }

    /**
     * Makes it with a stream.
     *
     * @param publisher of the bytes
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public DirectResponse stream(Flow.Publisher<ByteBuffer> publisher) {
      return new DirectResponse(status, headers, new Stream(publisher));
    }

    private DirectResponse typed(String contentType, String text) {
      if (headers.stream().noneMatch(field -> field.name().equalsIgnoreCase("content-type"))) {
        header("Content-Type", contentType);
      }
      return bytes(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
