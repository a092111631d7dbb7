package dev.headgate.core.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A PKCS12 file: all of its keys. */
final class KeyStoreSource implements KeySource {
  private final Path file;
  private final char[] password;

  KeyStoreSource(Path file, char[] password) {
    this.file = file;
    this.password = password.clone();
  }

  @Override
  public List<Identity> read(List<String> mistakes) {
    List<Identity> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (String alias : Collections.list(store.aliases())) {
        if (!store.isKeyEntry(alias)) continue;
        if (!(store.getKey(alias, password) instanceof PrivateKey key)) continue;
        List<X509Certificate> chain = new ArrayList<>();
        Certificate[] certificates = store.getCertificateChain(alias);
        if (certificates == null) continue;
        for (Certificate certificate : certificates) {
          if (certificate instanceof X509Certificate x509) chain.add(x509);
        }
        if (chain.isEmpty()) continue;
        Identity identity = new Identity(key, chain);
        String where = "'" + file + "' (alias '" + alias + "')";
        identity.check(where, where, mistakes);
        found.add(identity);
      }
    } catch (NoSuchFileException e) {
      mistakes.add("'" + file + "' must be a PKCS12 file, but there is none");
      return found;
    } catch (IOException e) {
      mistakes.add(
          e.getCause() instanceof UnrecoverableKeyException
              ? "'" + file + "' must open with the password given, but does not"
              : "'" + file + "' must be a PKCS12 file, but can't be read: " + e);
      return found;
    } catch (GeneralSecurityException e) {
      mistakes.add("'" + file + "' must be a PKCS12 file, but can't be read: " + e);
      return found;
    }
    if (found.isEmpty()) {
      mistakes.add("'" + file + "' must hold a private key with its certificate, but holds none");
    }
    return found;
  }
}
