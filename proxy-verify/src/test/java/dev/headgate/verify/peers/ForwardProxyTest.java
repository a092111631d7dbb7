package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A forward proxy as curl, git, Node and the JDK use one. */
class ForwardProxyTest {
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

  private Proxy proxy(boolean authenticates) {
    return origin.proxy(authenticates).start();
  }

  private String plainUrl(String path) {
    return origin.plainUrl(path);
  }

  private String secureUrl(String path) {
    return origin.secureUrl(path);
  }

  private static String address(Proxy proxy) {
    return "http://127.0.0.1:" + proxy.port();
  }

  @Test
  void curlReachesHttpAndHttps() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(false)) {
      assertEquals(
          List.of("/a served", "/b served", "/c served"),
          Peer.run(
              "curl",
              "-q",
              "-sS",
              "-k",
              "-x",
              address(proxy),
              plainUrl("/a"),
              secureUrl("/b"),
              plainUrl("/c")));
    }
  }

  @Test
  void curlSaysWhoItIs() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(true)) {
      String[] curl = {
        "curl", "-q", "-sS", "-k", "-x", address(proxy), "--proxy-user", "ann:secret"
      };
      List<String> command = new ArrayList<>(List.of(curl));
      command.addAll(List.of(plainUrl("/a"), secureUrl("/b")));
      assertEquals(List.of("/a served", "/b served"), Peer.run(command.toArray(String[]::new)));
      for (String url : List.of(plainUrl("/"), secureUrl("/"))) {
        for (String user : List.of("ann:wrong", ":")) {
          String[] refused = {
            "curl",
            "-q",
            "-s",
            "-k",
            "-o",
            "-",
            "-w",
            "%{http_code} %{http_connect}",
            "-x",
            address(proxy),
            "--proxy-user",
            user,
            url
          };
          try (Peer peer = new Peer(List.of(refused))) {
            List<String> output = peer.rest();
            assertTrue(output.get(output.size() - 1).contains("407"), output::toString);
          }
        }
      }
    }
  }

  @Test
  void curlWaitsForTheProxyToAskWhoItIs() throws Exception {
    Tools.version("curl", "--version");
    try (Proxy proxy = proxy(true)) {
      assertEquals(
          List.of("/a served", "/b served"),
          Peer.run(
              "curl",
              "-q",
              "-sS",
              "-k",
              "--proxy-anyauth",
              "--proxy-user",
              "ann:secret",
              "-x",
              address(proxy),
              plainUrl("/a"),
              secureUrl("/b")));
    }
  }

  @Test
  void clientOfTheJdkSelectsTheProxyAndAuthenticates() throws Exception {
    try (Proxy proxy = proxy(true)) {
      HttpClient client =
          HttpClient.newBuilder()
              .proxy(
                  ProxySelector.of(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
              .authenticator(
                  new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                      return new PasswordAuthentication("ann", "secret".toCharArray());
                    }
                  })
              .build();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(URI.create(plainUrl("/" + i))).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("/" + i + " served\n", response.body());
      }
    }
  }

  @Test
  void undiciReachesHttpAndHttps() throws Exception {
    NodeModules.prepare();
    try (Proxy proxy = proxy(true)) {
      List<String> command =
          NodeModules.command(
              "undici.mjs", address(proxy), "ann:secret", plainUrl("/a"), secureUrl("/b"));
      assertEquals(
          List.of("200 /a served", "200 /b served"), Peer.run(command.toArray(String[]::new)));
      List<String> unknown = NodeModules.command("undici.mjs", address(proxy), "-", plainUrl("/a"));
      String refused = Peer.run(unknown.toArray(String[]::new)).get(0);
      assertTrue(refused.contains("407"), refused);
    }
  }

  @Test
  void gitClones() throws Exception {
    Tools.version("git", "--version");
    Path work = Files.createDirectory(directory.resolve("work"));
    Path bare = directory.resolve("repository.git");
    Files.writeString(work.resolve("file"), "cloned through a proxy\n");
    String at = work.toString();
    Peer.run("git", "-C", at, "-c", "init.defaultBranch=main", "init", "-q");
    Peer.run("git", "-C", at, "add", "file");
    Peer.run(
        "git",
        "-C",
        at,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@a.test",
        "commit",
        "-q",
        "-m",
        "first");
    Peer.run("git", "clone", "-q", "--bare", at, bare.toString());
    Peer.run("git", "-C", bare.toString(), "update-server-info");
    origin.serveFiles("/repository.git/", bare);
    try (Proxy proxy = proxy(false)) {
      Path clone = directory.resolve("clone");
      Peer.run(
          "git",
          "-c",
          "http.proxy=" + address(proxy),
          "clone",
          "-q",
          plainUrl("/repository.git"),
          clone.toString());
      assertEquals("cloned through a proxy\n", Files.readString(clone.resolve("file")));
    }
  }
}
