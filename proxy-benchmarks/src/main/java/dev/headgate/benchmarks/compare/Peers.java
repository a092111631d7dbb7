package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The peers, in the order of the table. */
final class Peers {
  private static final String PROGRAMS = "dev.headgate.benchmarks.peers.";

  private Peers() {}

  static List<Peer> all() {
    List<Peer> peers = new ArrayList<>();
    peers.add(new Direct());
    peers.add(new Daemon("nginx", DaemonFiles::nginxProxy));
    peers.add(new Daemon("haproxy", DaemonFiles::haproxy));
    peers.add(new Jvm("headgate", PROGRAMS + "HeadgatePeer", false, ""));
    peers.add(new Jvm("undertow", PROGRAMS + "UndertowPeer", false, ""));
    peers.add(new Jvm("vertx", PROGRAMS + "VertxPeer", false, ""));
    peers.add(new Jvm("littleproxy", PROGRAMS + "LittleProxyPeer", true, ""));
    peers.add(new Jvm("jetty", PROGRAMS + "JettyPeer", false, ""));
    return peers;
  }

  /** Headgate of another build, beside this one. */
  static Peer variant(String name, String classPath) {
    return new Jvm(name, PROGRAMS + "HeadgatePeer", false, classPath);
  }

  /** No proxy at all. */
  private record Direct() implements Peer {
    @Override
    public String name() {
      return "direct";
    }

    @Override
    public Subject start(Running upstream, Path directory) {
      return new Subject(name(), null, upstream, false);
    }
  }

  /**
   * A program of this module.
   *
   * @param name its name
   * @param program its main class
   * @param forward whether clients name the upstream
   * @param before what goes before this module's class path; may be empty
   */
  private record Jvm(String name, String program, boolean forward, String before) implements Peer {
    @Override
    public Subject start(Running upstream, Path directory) throws IOException {
      String classPath = System.getProperty("java.class.path");
      List<String> command =
          Java.command(
              before.isEmpty() ? classPath : before + ":" + classPath,
              program,
              Integer.toString(upstream.port()));
      return new Subject(
          name, Running.jvm(command, directory.resolve(name + ".log")), upstream, forward);
    }
  }

  /** Writes a daemon's files and returns the command that starts it. */
  @FunctionalInterface
  interface Configuration {
    List<String> write(Path directory, int port, int upstream) throws IOException;
  }

  /**
   * An installed program.
   *
   * @param name its name, its command and its Debian package
   * @param configuration its files
   */
  private record Daemon(String name, Configuration configuration) implements Peer {
    @Override
    public Optional<String> missing() {
      return Tools.missing(name, name);
    }

    @Override
    public Subject start(Running upstream, Path directory)
        throws IOException, InterruptedException {
      int port = Running.freePort();
      Path own = Files.createDirectories(directory.resolve(name.toLowerCase(Locale.ROOT)));
      List<String> command = configuration.write(own, port, upstream.port());
      return new Subject(name, Running.daemon(command, port, own.resolve("log")), upstream, false);
    }
  }
}
