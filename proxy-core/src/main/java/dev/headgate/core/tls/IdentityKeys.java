package dev.headgate.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the identity to show: by the name that a client asks for (RFC 6066 section 3), an exact
 * one before a wildcard's, else the first one. Immutable, for any thread.
 */
final class IdentityKeys extends X509ExtendedKeyManager {
  private final List<Identity> identities;
  private final Map<String, List<Integer>> byName = new HashMap<>();

  IdentityKeys(List<Identity> identities) {
    this.identities = List.copyOf(identities);
    for (int i = 0; i < identities.size(); i++) {
      for (String name : identities.get(i).names()) {
        byName.computeIfAbsent(name, key -> new ArrayList<>(1)).add(i);
      }
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    String asked = serverName(engine.getHandshakeSession());
    List<Integer> named = asked == null ? null : named(asked.toLowerCase(Locale.ROOT));
    if (named != null) return first(named, keyType);
    // One name may have a key of each kind; so may the default.
    List<String> names = identities.get(0).names();
    List<Integer> same = names.isEmpty() ? null : byName.get(names.get(0));
    return first(same == null ? List.of(0) : same, keyType);
  }

  private @Nullable List<Integer> named(String name) {
    List<Integer> exact = byName.get(name);
    if (exact != null) return exact;
    int dot = name.indexOf('.');
    return dot < 0 ? null : byName.get("*" + name.substring(dot));
  }

  private @Nullable String first(List<Integer> candidates, String keyType) {
    for (int candidate : candidates) {
      if (identities.get(candidate).fits(keyType)) return Integer.toString(candidate);
    }
    return null;
  }

  /** Returns the name that a client asked for; null when it asked for none. */
  static @Nullable String serverName(@Nullable SSLSession session) {
    if (!(session instanceof ExtendedSSLSession extended)) return null;
    for (SNIServerName name : extended.getRequestedServerNames()) {
      if (name instanceof SNIHostName host) return host.getAsciiName();
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    for (String keyType : keyTypes) {
      for (int i = 0; i < identities.size(); i++) {
        if (identities.get(i).fits(keyType)) return Integer.toString(i);
      }
    }
    return null;
  }

  private @Nullable Identity identity(@Nullable String alias) {
    if (alias == null) return null;
    int index = Integer.parseInt(alias);
    return index < identities.size() ? identities.get(index) : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Identity found = identity(alias);
    return found == null ? null : found.chainArray();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Identity found = identity(alias);
    return found == null ? null : found.key();
  }

  // Sockets are not used, only engines.

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
