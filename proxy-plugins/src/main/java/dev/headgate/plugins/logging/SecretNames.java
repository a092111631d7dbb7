package dev.headgate.plugins.logging;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Knows by its name whether a field or a parameter holds a secret. Immutable. */
final class SecretNames {
  /** A name that ends so is one, whatever stands before: {@code X-Api-Key}, {@code accessToken}. */
  private static final List<String> ENDINGS =
      List.of(
          "key",
          "token",
          "secret",
          "password",
          "passwd",
          "auth",
          "authorization",
          "credential",
          "credentials",
          "signature",
          "cookie",
          "cookie2");

  /** Too common in plain text, but in a query they are one. */
  private static final Set<String> IN_QUERIES =
      Set.of(
          "assertion",
          "code",
          "jwt",
          "pass",
          "pwd",
          "samlresponse",
          "session",
          "sessionid",
          "sid",
          "sig",
          "ticket");

  private final Set<String> headers;
  private final Set<String> parameters;

  /** Both in lower case; they add to what is known here. */
  SecretNames(Set<String> headers, Set<String> parameters) {
    this.headers = Set.copyOf(headers);
    this.parameters = Set.copyOf(parameters);
  }

  boolean header(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return endsLikeSecret(lowerCase) || headers.contains(lowerCase);
  }

  /**
   * A parameter's name, as it stands there: {@code api_key}, {@code %6Bey}, {@code auth[token]}.
   */
  boolean parameter(String name, boolean inQuery) {
    String plain = decode(name).toLowerCase(Locale.ROOT).replace("[]", "").replace("]", "").strip();
    return endsLikeSecret(plain)
        || parameters.contains(plain)
        || (inQuery && IN_QUERIES.contains(plain));
  }

  private static boolean endsLikeSecret(String lowerCase) {
    for (String ending : ENDINGS) {
      if (lowerCase.endsWith(ending)) return true;
    }
    return false;
  }

  private static String decode(String name) {
    if (name.indexOf('%') < 0 && name.indexOf('+') < 0) return name;
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
