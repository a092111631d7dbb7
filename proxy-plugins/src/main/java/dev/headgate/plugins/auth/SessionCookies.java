package dev.headgate.plugins.auth;

import dev.headgate.api.Credentials;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.http.Headers;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.RequestHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Credentials made ready to send: the header's text is put together once, so that a request without
 * cookies of its own costs no allocation. Immutable.
 */
final class SessionCookies {
  private static final String COOKIE = "Cookie";

  private final String header;
  private final Set<String> names;
  private final long expiresAtMillis;
  private final RequestDecision decision;

  private SessionCookies(String header, Set<String> names, long expiresAtMillis) {
    this.header = header;
    this.names = names;
    this.expiresAtMillis = expiresAtMillis;
    this.decision =
        present()
            ? RequestDecision.proceed(ctx -> addTo(ctx.request()))
            : RequestDecision.proceed();
  }

  /** What a session without credentials sends: nothing. */
  static SessionCookies none() {
    return new SessionCookies("", Set.of(), Long.MAX_VALUE);
  }

  /**
   * Renders credentials.
   *
   * @param only the names of the cookies to send; empty for all
   * @throws CredentialsException if one of these cookies is not legal; names all that are not
   */
  static SessionCookies of(Credentials credentials, Set<String> only) {
    Set<String> names = new LinkedHashSet<>();
    StringBuilder header = new StringBuilder();
    List<String> mistakes = new ArrayList<>();
    for (Map.Entry<@Nullable String, @Nullable String> cookie : credentials.cookies().entrySet()) {
      String name = cookie.getKey();
      String value = cookie.getValue();
      if (!only.isEmpty() && (name == null || !only.contains(name))) continue;
      if (name == null || value == null) {
        mistakes.add("name and value of a cookie must not be null, as with '" + name + "'");
        continue;
      }
      CookieSyntax.checkName(name)
          .or(() -> CookieSyntax.checkValue(name, value))
          .ifPresent(mistakes::add);
      names.add(name);
      header.append(header.isEmpty() ? "" : "; ").append(name).append('=').append(value);
    }
    if (!mistakes.isEmpty()) {
      throw new CredentialsException("illegal credentials: " + String.join("; ", mistakes));
    }
    return new SessionCookies(header.toString(), names, millis(credentials.expiresAt()));
  }

  private static long millis(@Nullable Instant instant) {
    if (instant == null) return Long.MAX_VALUE;
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** Returns whether there is anything to send. */
  boolean present() {
    return !header.isEmpty();
  }

  boolean expired(long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }

  /** Returns the decision that adds these cookies; the same object each time. */
  RequestDecision decision() {
    return decision;
  }

  /** Puts these cookies, then the client's others, into one field. */
  void addTo(RequestHead request) {
    MutableHeaders headers = request.headers();
    headers.set(COOKIE, headers.contains(COOKIE) ? merged(headers) : header);
  }

  /** Returns whether a request was sent with these cookies. */
  boolean sentWith(RequestHead request) {
    String sent = request.headers().get(COOKIE);
    return sent != null
        && sent.startsWith(header)
        && (sent.length() == header.length() || sent.charAt(header.length()) == ';');
  }

  // The supplier's cookies stand first: a server that reads an odd client cookie (an unbalanced
  // quote, a comma) in its own way has read ours by then.
  private String merged(Headers headers) {
    StringBuilder out = new StringBuilder(header.length() + 128).append(header);
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (headers.name(i).equalsIgnoreCase(COOKIE)) appendOthers(headers.value(i), out);
    }
    return out.toString();
  }

  private void appendOthers(String line, StringBuilder out) {
    int start = 0;
    while (start < line.length()) {
      int semicolon = line.indexOf(';', start);
      int end = semicolon < 0 ? line.length() : semicolon;
      String pair = line.substring(start, end).strip();
      if (!pair.isEmpty() && !names.contains(name(pair))) out.append("; ").append(pair);
      start = end + 1;
    }
  }

  /** A pair without an equals sign counts as a name, for some servers read it as one. */
  private static String name(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? pair : pair.substring(0, equals).strip();
  }

  /** Shows names only. */
  @Override
  public String toString() {
    return "SessionCookies" + names;
  }
}
