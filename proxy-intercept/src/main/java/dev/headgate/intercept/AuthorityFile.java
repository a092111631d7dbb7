package dev.headgate.intercept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The PKCS12 file of an authority, which only its owner can read. Stateless. */
final class AuthorityFile {
  private static final String ALIAS = "authority";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private AuthorityFile() {}

  static CertificateAuthority open(Path file, char[] password, Clock clock) throws IOException {
    if (!Files.exists(file)) {
      Path directory = file.toAbsolutePath().getParent();
      if (directory == null || !Files.isDirectory(directory)) {
        throw new IOException("the directory of '" + file + "' must exist, but does not");
      }
      CertificateAuthority made = Issuer.newAuthority(clock);
      if (create(file, password, made)) return made;
    }
    checkMode(file);
    return read(file, password, clock);
  }

  private static CertificateAuthority read(Path file, char[] password, Clock clock)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      load(store, in, password, file);
      for (String alias : Collections.list(store.aliases())) {
        if (!(store.getKey(alias, password) instanceof PrivateKey key)) continue;
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(alias)) {
          if (certificate instanceof X509Certificate x509) chain.add(x509);
        }
        if (chain.isEmpty()) continue;
        return CertificateAuthority.of(key, chain, clock);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "'" + file + "' must hold an authority that is valid, but does not: " + e.getMessage(),
          e);
    } catch (NoSuchFileException e) {
      throw new IOException("'" + file + "' must be a file, but leads nowhere", e);
    }
    throw new IOException("'" + file + "' must hold an authority's key, but holds none");
  }

  private static void load(KeyStore store, InputStream in, char[] password, Path file)
      throws IOException, GeneralSecurityException {
    try {
      store.load(in, password);
    } catch (IOException e) {
      throw new IOException(
          "'" + file + "' must be a PKCS12 file with the given password, but is not: " + e, e);
    }
  }

  /** Writes it beside and links it, so that nobody sees a part, or replaces another's. */
  private static boolean create(Path file, char[] password, CertificateAuthority authority)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID());
    boolean posix = hasModes(absolute);
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try {
      try (FileChannel out =
          FileChannel.open(
              beside,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes)) {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
            ALIAS, authority.key(), password, authority.chain().toArray(new Certificate[0]));
        store.store(Channels.newOutputStream(out), password);
        out.force(true); // before it has its name: a machine that fails leaves no part
      }
      if (posix) {
        Files.createLink(absolute, beside);
      } else {
        Files.move(beside, absolute);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // another process was faster: its authority is the one
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException("an authority can't be kept in '" + file + "': " + reason(e), e);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** The JDK says in the innermost exception what is wrong with a password, say. */
  private static @Nullable String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) inner = inner.getCause();
    return inner.getMessage();
  }

  private static void checkMode(Path file) throws IOException {
    if (!Files.exists(file) || !hasModes(file.toAbsolutePath())) return;
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (OWNER_ONLY.containsAll(mode)) return;
    throw new IOException(
        "'"
            + file
            + "' must be readable by its owner only (mode 0600), but is "
            + PosixFilePermissions.toString(mode));
  }

  private static boolean hasModes(Path absolute) throws IOException {
    Path directory = absolute.getParent();
    return directory != null
        && Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class);
  }
}
