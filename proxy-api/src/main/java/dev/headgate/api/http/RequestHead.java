package dev.headgate.api.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Method, target and fields of a request.
 *
 * <p>May be written only inside {@code onRequest} (and in functions that the engine runs for it:
 * see {@code RequestDecision.proceed(edits)} and {@code withBody}), on the thread of the call;
 * elsewhere each writing method throws {@link IllegalStateException}. What a failed hook wrote is
 * undone.
 */
public interface RequestHead {
  /**
   * Returns the method.
   *
   * @return the method, case-sensitive, such as {@code GET}
   */
  String method();

  /**
   * Sets the method.
   *
   * @param method a token
   * @throws IllegalArgumentException if it is no token
   * @throws IllegalStateException if the head may not be written now
   */
  void method(String method);

  /**
   * Returns the scheme with which the client reached the proxy, or which it named in absolute form.
   *
   * @return {@code http} or {@code https}
   */
  String scheme();

  /**
   * Returns host and, where given, port that the client asked for (the target URI's authority, else
   * Host).
   *
   * @return the authority, in lower case; empty when an HTTP/1.0 client gave none
   */
  String authority();

  /**
   * Returns the path: absolute, still percent-encoded, with dot segments removed (RFC 3986 §5.2.4).
   * It is the one reading that routes are matched on and that is forwarded.
   *
   * @return the path, beginning with {@code /}, or {@code *} for {@code OPTIONS *}
   */
  String path();

  /**
   * Sets the path that is routed and forwarded.
   *
   * @param path an absolute path, percent-encoded, without query; dot segments are removed
   * @throws IllegalArgumentException if it is not absolute or has an illegal character
   * @throws IllegalStateException if the head may not be written now
   */
  void path(String path);

  /**
   * Returns the query, exactly as the client sent it.
   *
   * @return the query without {@code ?}; empty for a bare {@code ?}; null when there is none
   */
  @Nullable String query();

  /**
   * Sets the query.
   *
   * @param query the query without {@code ?}, or null for none
   * @throws IllegalArgumentException if it has a control character, a space or {@code #}
   * @throws IllegalStateException if the head may not be written now
   */
  void query(@Nullable String query);

  /**
   * Returns the version that the client spoke.
   *
   * @return the version of the client's connection, never that of the upstream's
   */
  HttpVersion version();

  /**
   * Returns the fields.
   *
   * @return the live fields of this head
   */
  MutableHeaders headers();

  /**
   * Returns the target as a URI. It is built on each call, so keep it rather than ask twice; query
   * characters that {@link URI} refuses although they are in use ({@code |}, {@code {}} …) are
   * percent-encoded in it.
   *
   * @return scheme, authority, path and query
   */
  URI uri();
}
