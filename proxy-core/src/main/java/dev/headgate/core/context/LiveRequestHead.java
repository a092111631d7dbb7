package dev.headgate.core.context;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.api.http.RequestHead;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The request's head of an exchange, with one level of undo. Not thread-safe: see {@link
 * CallContext}.
 */
public final class LiveRequestHead implements RequestHead {
  private final String scheme;
  private final String authority;
  private final String host;
  private final boolean forProxy;
  private final HttpVersion version;
  private final HeaderList headers;
  private String method;
  private String path;
  private @Nullable String query;
  private String markedMethod;
  private String markedPath;
  private @Nullable String markedQuery;

  /**
   * Makes a head from a checked request.
   *
   * @param method the method
   * @param target the target as read
   * @param version the client's version
   * @param headers the fields, owned by the head from now on
   */
  public LiveRequestHead(
      String method, RequestTarget target, HttpVersion version, HeaderList headers) {
    this(
        method,
        target.scheme(),
        target.authority(),
        target.host(),
        target.path(),
        target.query(),
        target.form() == RequestTarget.Form.ABSOLUTE
            || target.form() == RequestTarget.Form.AUTHORITY,
        version,
        headers);
  }

  private LiveRequestHead(
      String method,
      String scheme,
      String authority,
      String host,
      String path,
      @Nullable String query,
      boolean forProxy,
      HttpVersion version,
      HeaderList headers) {
    this.method = method;
    this.scheme = scheme;
    this.authority = authority;
    this.host = host;
    this.path = path;
    this.query = query;
    this.forProxy = forProxy;
    this.version = version;
    this.headers = headers;
    this.markedMethod = method;
    this.markedPath = path;
    this.markedQuery = query;
    headers.writer(null);
  }

  LiveRequestHead copy() {
    return new LiveRequestHead(
        method, scheme, authority, host, path, query, forProxy, version, headers.copy());
  }

  void adopt(LiveRequestHead other) {
    method = other.method;
    path = other.path;
    query = other.query;
    headers.adopt(other.headers);
  }

  void mark() {
    markedMethod = method;
    markedPath = path;
    markedQuery = query;
    headers.mark();
  }

  void rollback() {
    method = markedMethod;
    path = markedPath;
    query = markedQuery;
    headers.rollback();
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public void method(String value) {
    headers.requireWritable();
    if (!FieldSyntax.isToken(Objects.requireNonNull(value, "method"))) {
      throw new IllegalArgumentException("method must be a token (RFC 9110 section 9.1)");
    }
    method = value;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String authority() {
    return authority;
  }

  /**
   * Returns the host of the authority.
   *
   * @return the host without port, IPv6 without brackets; empty when there is none
   */
  public String host() {
    return host;
  }

  /**
   * Returns whether the target names another host by itself, as only clients of a forward proxy
   * write it.
   *
   * @return whether it came in absolute-form or authority-form (RFC 9112 §3.2)
   */
  public boolean forProxy() {
    return forProxy;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public void path(String value) {
    headers.requireWritable();
    path = RequestTarget.normalisePath(value);
  }

  @Override
  public @Nullable String query() {
    return query;
  }

  @Override
  public void query(@Nullable String value) {
    headers.requireWritable();
    query = RequestTarget.requireQuery(value);
  }

  @Override
  public HttpVersion version() {
    return version;
  }

  @Override
  public HeaderList headers() {
    return headers;
  }

  @Override
  public URI uri() {
    return RequestTarget.toUri(scheme, authority, path, query);
  }
}
