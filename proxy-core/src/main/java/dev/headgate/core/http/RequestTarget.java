package dev.headgate.core.http;

import dev.headgate.api.http.Headers;
import dev.headgate.api.http.HttpVersion;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, parsed and normalised once (RFC 9112 §3.2): the one reading that is
 * matched, shown to plugins and forwarded.
 *
 * <p>The reading of a path:
 *
 * <ul>
 *   <li>Escapes of unreserved characters are decoded, so {@code %61} is {@code a} and {@code %2e}
 *       is a dot; all others stay, in upper case (RFC 3986 §6.2.2). {@code %2F} and {@code %5C} are
 *       never separators.
 *   <li>Dot segments are removed (§5.2.4). Climbing above the root is refused, not clamped.
 *   <li>Empty segments are kept: {@code //} stays {@code //}.
 *   <li>Refused, since readers differ over them: a dot segment with parameters ({@code /..;x/},
 *       also with {@code %3B}) or next to an encoded separator ({@code /..%2F}), escaped control
 *       characters, overlong UTF-8 in escapes, a {@code %} without two digits, a fragment, and the
 *       raw characters space, control, {@code "<>\^`} and those beyond ASCII. {@code |{}[]} pass as
 *       they came.
 * </ul>
 *
 * <p>A query is never interpreted: every visible ASCII character but {@code #} passes as it came,
 * also {@code "<>\^`|{}[]} and a bare {@code %}.
 *
 * <p>An authority is put in lower case and loses a dot at the end of the name, an empty port and
 * zeros before the port; names of letters, digits, {@code -._}, IPv4 and bracketed IPv6 are
 * accepted; user names are not.
 *
 * <p>Immutable, for any thread. A path or authority that is already normal is not copied.
 */
public final class RequestTarget {
  /** The four forms of a request target (RFC 9112 §3.2). */
  public enum Form {
    /** A path, perhaps with a query; the authority is Host's. */
    ORIGIN,
    /** A whole URI, whose authority beats Host's. */
    ABSOLUTE,
    /** Host and port, only for CONNECT. */
    AUTHORITY,
    /** {@code *}, only for OPTIONS. */
    ASTERISK
  }

  private final Form form;
  private final String scheme;
  private final String authority;
  private final String path;
  private final @Nullable String query;

  /** What was parsed, to be forwarded again where nothing changed; empty where that can't be. */
  private final String raw;

  /** Found when first asked for. A race does no harm: all threads find the same. */
  private @Nullable String host;

  private RequestTarget(
      Form form, String scheme, String authority, String path, @Nullable String query, String raw) {
    this.form = form;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.raw = raw;
  }

  /**
   * Parses a request's target and its Host fields. Host is checked in every form, even where the
   * target beats it: one is needed from HTTP/1.1 on, two are refused in any version, and one with a
   * malformed value too; an empty one is accepted only where the target has an authority, or from
   * HTTP/1.0.
   *
   * @param method the method: CONNECT has authority form and no other, OPTIONS may have {@code *}
   * @param target the target as sent
   * @param version the version; in HTTP/2 the absolute form is refused
   * @param connectionScheme the scheme of the client's connection, for the forms that name none
   * @param headers the fields, with all lines of Host
   * @return the target
   * @throws BadTargetException if target or Host must be refused
   */
  public static RequestTarget parse(
      String method, String target, HttpVersion version, String connectionScheme, Headers headers)
      throws BadTargetException {
    String host = host(headers, version);
    if (target.isEmpty()) throw TargetFault.EMPTY.exception();
    if (method.equals("CONNECT")) return connect(target, connectionScheme);
    char first = target.charAt(0);
    if (first == '/') {
      if (host.isEmpty() && version != HttpVersion.HTTP_1_0)
        throw TargetFault.HOST_MISSING.exception();
      return rest(Form.ORIGIN, connectionScheme, host, target, 0);
    }
    if (first == '*' && target.length() == 1 && method.equals("OPTIONS")) {
      if (host.isEmpty() && version != HttpVersion.HTTP_1_0)
        throw TargetFault.HOST_MISSING.exception();
      return new RequestTarget(Form.ASTERISK, connectionScheme, host, "*", null, "");
    }
    if (version == HttpVersion.HTTP_2) throw TargetFault.FORM_H2.exception();
    RequestTarget absolute = parseAbsolute(target);
    boolean whole = method.equals("OPTIONS") && isBare(target);
    return whole
        ? new RequestTarget(
            Form.ABSOLUTE, absolute.scheme, absolute.authority, "*", absolute.query, "")
        : absolute;
  }

  /**
   * Returns what the target means on a connection by which a proxy is asked, in a version of HTTP
   * without absolute form.
   *
   * @param named the scheme that came with it
   * @return a target of absolute form; itself where it is of another than origin form
   */
  public RequestTarget absolute(String named) {
    if (form != Form.ORIGIN) return this;
    return new RequestTarget(Form.ABSOLUTE, named, authority, path, query, raw);
  }

  /**
   * Parses an absolute {@code http} or {@code https} URI by the same rules.
   *
   * @param uri the URI; an empty path is read as {@code /}
   * @return the target, of absolute form
   * @throws BadTargetException if it is no such URI
   */
  public static RequestTarget parseAbsolute(String uri) throws BadTargetException {
    String scheme;
    if (uri.regionMatches(true, 0, "http://", 0, 7)) {
      scheme = "http";
    } else if (uri.regionMatches(true, 0, "https://", 0, 8)) {
      scheme = "https";
    } else {
      throw TargetFault.FORM.exception();
    }
    int start = scheme.length() + 3;
    int end = start;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) end++;
    return rest(Form.ABSOLUTE, scheme, Authorities.normalise(uri, start, end), uri, end);
  }

  /**
   * Checks and normalises an authority, {@code host} or {@code host:port}.
   *
   * @param authority the authority; IPv6 in brackets
   * @return its one form
   * @throws BadTargetException if it is malformed
   */
  public static String normaliseAuthority(String authority) throws BadTargetException {
    return Authorities.normalise(authority, 0, authority.length());
  }

  /**
   * Normalises a path that a plugin or a configuration sets.
   *
   * @param path an absolute path, percent-encoded, without query
   * @return the one reading; {@code path} itself where it is normal
   * @throws IllegalArgumentException if it would be refused in a request, with the path and the
   *     reason
   */
  public static String normalisePath(String path) {
    try {
      return PathNormaliser.normalise(Objects.requireNonNull(path, "path"));
    } catch (BadTargetException e) {
      // The message is logged, and the path may be made of what a client sent.
      String shown = path.replaceAll("\\p{Cntrl}", "?");
      throw new IllegalArgumentException(e.getMessage() + ", but was '" + shown + "'", e);
    }
  }

  /**
   * Checks a query that a plugin or a configuration sets. The message of a failure does not quote
   * it, as it may hold a secret.
   *
   * @param query the query without {@code ?}, or null for none
   * @return {@code query}, unchanged
   * @throws IllegalArgumentException if it has a space, a control character, {@code #} or a
   *     character beyond ASCII
   */
  public static @Nullable String requireQuery(@Nullable String query) {
    if (query == null) return null;
    int fault = queryFault(query, 0);
    if (fault >= 0) {
      throw new IllegalArgumentException(
          TargetFault.QUERY.detail()
              + String.format(", but has U+%04X at index %d", (int) query.charAt(fault), fault));
    }
    return query;
  }

  /**
   * Makes a URI of the parts of a target. Characters that {@link URI} refuses although they pass
   * here are percent-encoded in it, and {@code %} where no escape follows.
   *
   * @param scheme {@code http} or {@code https}
   * @param authority the authority; may be empty
   * @param path a normal path; {@code *} and the empty path are left out
   * @param query the query, or null
   * @return the URI
   */
  public static URI toUri(String scheme, String authority, String path, @Nullable String query) {
    return UriText.uri(scheme, authority, path, query);
  }

  /**
   * Makes a URI of this target; see {@link #toUri(String, String, String, String)}.
   *
   * @return a new URI
   */
  public URI toUri() {
    return toUri(scheme, authority, path, query);
  }

  /**
   * Returns which form the target had.
   *
   * @return the form
   */
  public Form form() {
    return form;
  }

  /**
   * Returns the scheme: the target's in absolute form, else the connection's.
   *
   * @return {@code http} or {@code https}
   */
  public String scheme() {
    return scheme;
  }

  /**
   * Returns host and, where given, port.
   *
   * @return the normalised authority; empty when an HTTP/1.0 client gave none
   */
  public String authority() {
    return authority;
  }

  /**
   * Returns the host alone.
   *
   * @return the host in lower case, IPv6 without brackets; empty when there is none
   */
  public String host() {
    String found = host;
    if (found == null) {
      found = Authorities.host(authority);
      host = found;
    }
    return found;
  }

  /**
   * Returns the port.
   *
   * @return the port given, else the scheme's default
   */
  public int port() {
    int port = Authorities.port(authority);
    if (port > 0) return port;
    return scheme.equals("https") ? 443 : 80;
  }

  /**
   * Returns the path.
   *
   * @return the one reading; {@code *} for an OPTIONS of the whole server, empty for CONNECT
   */
  public String path() {
    return path;
  }

  /**
   * Returns the query.
   *
   * @return the query as it came, without {@code ?}; empty for a bare {@code ?}; null when there is
   *     none
   */
  public @Nullable String query() {
    return query;
  }

  /**
   * Returns what is forwarded in origin form.
   *
   * @return path and query; nothing is allocated where the client sent just that
   */
  public String pathAndQuery() {
    if (query == null) return path;
    if (raw.length() == path.length() + 1 + query.length() && raw.startsWith(path)) return raw;
    return path + "?" + query;
  }

  /** For logs: without the query, which may hold a secret. */
  @Override
  public String toString() {
    return scheme + "://" + authority + path + (query == null ? "" : "?…");
  }

  private static RequestTarget connect(String target, String scheme) throws BadTargetException {
    String authority = Authorities.normalise(target, 0, target.length());
    if (Authorities.port(authority) < 0) throw TargetFault.CONNECT_PORT.exception();
    return new RequestTarget(Form.AUTHORITY, scheme, authority, "", null, "");
  }

  private static RequestTarget rest(
      Form form, String scheme, String authority, String target, int from)
      throws BadTargetException {
    int mark = target.indexOf('?', from);
    int end = mark < 0 ? target.length() : mark;
    String path = end == from ? "/" : PathNormaliser.normalise(target.substring(from, end));
    String query = null;
    if (mark >= 0) {
      int fault = queryFault(target, mark + 1);
      if (fault >= 0) {
        throw target.charAt(fault) == '#'
            ? TargetFault.FRAGMENT.exception()
            : TargetFault.QUERY.exception();
      }
      query = target.substring(mark + 1);
    }
    return new RequestTarget(form, scheme, authority, path, query, from == 0 ? target : "");
  }

  /** The normalised value of the one Host field; empty where that may be so. */
  private static String host(Headers headers, HttpVersion version) throws BadTargetException {
    String host = null;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      if (name.length() == 4 && name.equalsIgnoreCase("Host")) {
        if (host != null) throw TargetFault.HOST_TWICE.exception();
        host = headers.value(i);
      }
    }
    if (host == null && version != HttpVersion.HTTP_1_0) throw TargetFault.HOST_MISSING.exception();
    return host == null || host.isEmpty() ? "" : Authorities.normalise(host, 0, host.length());
  }

  /**
   * Whether an absolute target ends with its authority, which OPTIONS reads as {@code *} (§3.2.4).
   */
  private static boolean isBare(String target) {
    int start = target.indexOf("://") + 3;
    return target.indexOf('/', start) < 0 && target.indexOf('?', start) < 0;
  }

  private static int queryFault(String text, int from) {
    for (int i = from, n = text.length(); i < n; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') return i;
    }
    return -1;
  }
}
