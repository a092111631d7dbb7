package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * npm and apt fetch packages from a server of the test's over a forward proxy that asks who they
 * are: in absolute-form where it is HTTP, by CONNECT where it is HTTPS, and there also where the
 * proxy looks into the tunnels.
 */
class PackagesTest {
  @TempDir Path directory;
  private TestOrigin origin;

  @BeforeEach
  void startOrigin() throws Exception {
    origin = new TestOrigin(directory);
  }

  @AfterEach
  void stopOrigin() {
    origin.close();
  }

  /** How they get there. */
  private enum Way {
    HTTP,
    HTTPS,
    INSPECTED
  }

  private String url(Way way, String path) {
    return way == Way.HTTP ? origin.plainUrl(path) : origin.secureUrl(path);
  }

  private Proxy proxy(Way way) throws Exception {
    ProxyBuilder builder = origin.proxy(true);
    return (way == Way.INSPECTED ? origin.inspected(builder) : builder).start();
  }

  /** The authority that a client must trust. */
  private Path authority(Way way) {
    return way == Way.INSPECTED ? origin.inspector() : origin.certificate();
  }

  private static String address(Proxy proxy) {
    return "http://ann:secret@127.0.0.1:" + proxy.port();
  }

  private static byte[] hash(String algorithm, byte[] content) throws Exception {
    return MessageDigest.getInstance(algorithm).digest(content);
  }

  // --- npm

  @ParameterizedTest
  @EnumSource
  void npmInstalls(Way way) throws Exception {
    Tools.version("npm", "--version");
    Path source = Files.createDirectory(directory.resolve("source"));
    Files.writeString(
        source.resolve("package.json"), "{\"name\": \"fetched\", \"version\": \"1.2.3\"}");
    Files.writeString(source.resolve("index.js"), "module.exports = 'by a proxy';\n");
    Path registry = Files.createDirectory(directory.resolve("registry"));
    npm("pack", source.toString(), "--pack-destination", registry.toString());
    byte[] archive = Files.readAllBytes(registry.resolve("fetched-1.2.3.tgz"));
    String document = document(archive, url(way, "/npm/fetched/-/fetched-1.2.3.tgz"));
    origin.serve("/npm/", exchange -> serveRegistry(exchange, document, archive));
    Path project = Files.createDirectory(directory.resolve("project"));
    try (Proxy proxy = proxy(way)) {
      npm(
          "install",
          "fetched",
          "--prefix",
          project.toString(),
          "--registry",
          url(way, "/npm/"),
          "--proxy",
          address(proxy),
          "--https-proxy",
          address(proxy),
          "--cafile",
          authority(way).toString());
    }
    assertEquals(
        "module.exports = 'by a proxy';\n",
        Files.readString(project.resolve("node_modules/fetched/index.js")));
  }

  /** Without what the user has set, and without asking for more than the package. */
  private void npm(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("npm"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "--cache",
            directory.resolve("npm-cache").toString(),
            "--userconfig",
            directory.resolve("npmrc").toString(),
            "--globalconfig",
            directory.resolve("npmrc-global").toString(),
            "--fetch-retries=0",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier"));
    Peer.run(command, Map.of("HOME", directory.toString()));
  }

  /** What a registry tells of a package. */
  private static String document(byte[] archive, String url) throws Exception {
    String integrity = "sha512-" + Base64.getEncoder().encodeToString(hash("SHA-512", archive));
    return """
        {"name": "fetched", "dist-tags": {"latest": "1.2.3"}, "versions": {"1.2.3":
          {"name": "fetched", "version": "1.2.3",
           "dist": {"tarball": "%s", "integrity": "%s"}}}}
        """
        .formatted(url, integrity);
  }

  private static void serveRegistry(HttpExchange exchange, String document, byte[] archive)
      throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/npm/fetched" -> {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        TestOrigin.send(exchange, 200, document.getBytes(StandardCharsets.UTF_8));
      }
      case "/npm/fetched/-/fetched-1.2.3.tgz" -> TestOrigin.send(exchange, 200, archive);
      default -> TestOrigin.send(exchange, 404, new byte[0]);
    }
  }

  // --- apt

  @ParameterizedTest
  @EnumSource
  void aptUpdatesAndDownloads(Way way) throws Exception {
    Tools.version("apt-get", "--version");
    Tools.version("dpkg-deb", "--version");
    Path repository = Files.createDirectory(directory.resolve("repository"));
    makeRepository(repository);
    origin.serveFiles("/debian/", repository);
    Path own = Files.createDirectory(directory.resolve("apt"));
    for (String name : List.of("state/lists/partial", "cache/archives/partial", "etc")) {
      Files.createDirectories(own.resolve(name));
    }
    Files.createFile(own.resolve("status"));
    Files.writeString(
        own.resolve("etc/sources.list"), "deb [trusted=yes] " + url(way, "/debian/") + " ./\n");
    try (Proxy proxy = proxy(way)) {
      Path settings =
          Files.writeString(own.resolve("apt.conf"), settings(own, address(proxy), authority(way)));
      Map<String, String> environment = Map.of("APT_CONFIG", settings.toString());
      Peer.run(List.of("apt-get", "update"), environment);
      // It goes to the working directory, wherever that is.
      Path target = Files.createDirectory(directory.resolve("downloaded"));
      Peer.run(
          List.of("env", "-C", target.toString(), "apt-get", "download", "fetched"), environment);
      assertEquals(
          List.of("1.2.3"),
          Peer.run(
              "dpkg-deb",
              "--field",
              target.resolve("fetched_1.2.3_all.deb").toString(),
              "Version"));
    }
  }

  /** Everything in directories of the test's, so that nothing of the machine is read or changed. */
  private static String settings(Path own, String proxy, Path authority) {
    return """
        Dir::State "%1$s/state";
        Dir::State::status "%1$s/status";
        Dir::Cache "%1$s/cache";
        Dir::Etc "%1$s/etc";
        Dir::Etc::parts "none";
        APT::Sandbox::User "";
        Acquire::Languages "none";
        Acquire::Retries "0";
        Acquire::http::Proxy "%2$s";
        Acquire::https::Proxy "%2$s";
        Acquire::https::CAInfo "%3$s";
        """
        .formatted(own, proxy, authority);
  }

  /** A package with its index, all in one directory. */
  private void makeRepository(Path repository) throws Exception {
    Path control = Files.createDirectories(directory.resolve("package/DEBIAN")).resolve("control");
    String fields =
        """
        Package: fetched
        Version: 1.2.3
        Architecture: all
        Maintainer: Peers <peers@origin.test>
        Description: a package without files
        """;
    Files.writeString(control, fields);
    Path archive = repository.resolve("fetched_1.2.3_all.deb");
    Peer.run(
        "dpkg-deb",
        "--root-owner-group",
        "--build",
        directory.resolve("package").toString(),
        archive.toString());
    String index =
        fields + "Filename: ./fetched_1.2.3_all.deb\n" + sums(Files.readAllBytes(archive));
    Files.writeString(repository.resolve("Packages"), index);
    String now = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    byte[] listed = index.getBytes(StandardCharsets.UTF_8);
    Files.writeString(
        repository.resolve("Release"),
        "Date: %s\nSHA256:\n %s %d Packages\n"
            .formatted(now, HexFormat.of().formatHex(hash("SHA-256", listed)), listed.length));
  }

  private static String sums(byte[] archive) throws Exception {
    return "Size: %d\nSHA256: %s\n"
        .formatted(archive.length, HexFormat.of().formatHex(hash("SHA-256", archive)));
  }
}
