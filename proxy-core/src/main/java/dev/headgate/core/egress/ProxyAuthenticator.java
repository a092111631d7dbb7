package dev.headgate.core.egress;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Checks who uses a forward proxy. Thread-safe; must not block, and never keeps a password. */
@FunctionalInterface
public interface ProxyAuthenticator {
  /**
   * Checks a user's password.
   *
   * @param user as sent
   * @param password as sent
   * @return completes with whether the client may go on; on any thread, within the time that {@link
   *     ForwardOptions.Builder#authenticate} says. Null for a result is false (407); a check that
   *     throws, gives null, fails or is too late lets nobody in either, which is logged and told as
   *     500
   */
  CompletionStage<Boolean> check(String user, String password);

  /**
   * Returns a check against a fixed list. Takes the same time whether or not the password is right.
   *
   * @param passwords by user
   * @return the check
   */
  static ProxyAuthenticator of(Map<String, String> passwords) {
    Map<String, String> known = Map.copyOf(Objects.requireNonNull(passwords, "passwords"));
    return (user, password) -> {
      String expected = known.get(user);
      byte[] given = password.getBytes(StandardCharsets.UTF_8);
      byte[] right = expected == null ? given : expected.getBytes(StandardCharsets.UTF_8);
      boolean equal = MessageDigest.isEqual(right, given);
      return CompletableFuture.completedFuture(equal && expected != null);
    };
  }
}
