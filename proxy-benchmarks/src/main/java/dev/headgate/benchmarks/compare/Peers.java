package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The peers, in the order of the table. */
final class Peers {
  private static final String PROGRAMS = "dev.headgate.benchmarks.peers.";

  private Peers() {}

  static List<Peer> all() {
    List<Peer> peers = new ArrayList<>();
    peers.add(new Direct());
    Set<Way> plain = EnumSet.of(Way.PLAIN);
    Set<Way> daemons = EnumSet.of(Way.PLAIN, Way.SECURE, Way.GRPC);
    peers.add(new Daemon("nginx", daemons, DaemonFiles::nginxProxy));
    peers.add(new Daemon("haproxy", daemons, DaemonFiles::haproxy));
    peers.add(variant("headgate", ""));
    peers.add(new Jvm("undertow", PROGRAMS + "UndertowPeer", plain, false, ""));
    peers.add(new Jvm("vertx", PROGRAMS + "VertxPeer", plain, false, ""));
    Set<Way> forward = EnumSet.of(Way.PLAIN, Way.TUNNEL);
    peers.add(new Jvm("littleproxy", PROGRAMS + "LittleProxyPeer", forward, true, ""));
    peers.add(new Jvm("jetty", PROGRAMS + "JettyPeer", plain, false, ""));
    return peers;
  }

  /** Headgate of another build, beside this one. */
  static Peer variant(String name, String classPath) {
    Set<Way> all = EnumSet.allOf(Way.class);
    return new Jvm(name, PROGRAMS + "HeadgatePeer", all, false, classPath);
  }

  /** No proxy at all. */
  private record Direct() implements Peer {
    @Override
    public String name() {
      return "direct";
    }

    @Override
    public Set<Way> ways() {
      return EnumSet.complementOf(EnumSet.of(Way.SECURE));
    }

    @Override
    public Subject start(Running upstream, Way way, Path directory) {
      return new Subject(name(), null, upstream, way, false);
    }
  }

  /**
   * A program of this module.
   *
   * @param name its name
   * @param program its main class
   * @param ways how it can be spoken to
   * @param forward whether clients name the upstream
   * @param before what goes before this module's class path; may be empty
   */
  private record Jvm(String name, String program, Set<Way> ways, boolean forward, String before)
      implements Peer {
    @Override
    public Subject start(Running upstream, Way way, Path directory)
        throws IOException, InterruptedException {
      String classPath = System.getProperty("java.class.path");
      List<String> command =
          Java.command(
              before.isEmpty() ? classPath : before + ":" + classPath,
              program,
              Integer.toString(upstream.port()),
              way.argument(),
              way == Way.SECURE ? Certificate.in(directory).toString() : "");
      return new Subject(
          name, Running.jvm(command, directory.resolve(name + ".log")), upstream, way, forward);
    }
  }

  /** Writes a daemon's files and returns the command that starts it. */
  @FunctionalInterface
  interface Configuration {
    List<String> write(Path directory, Way way, int port, int upstream)
        throws IOException, InterruptedException;
  }

  /**
   * An installed program.
   *
   * @param name its name, its command and its Debian package
   * @param ways how it can be spoken to
   * @param configuration its files
   */
  private record Daemon(String name, Set<Way> ways, Configuration configuration) implements Peer {
    @Override
    public Optional<String> missing() {
      return Tools.missing(name, name);
    }

    @Override
    public Subject start(Running upstream, Way way, Path directory)
        throws IOException, InterruptedException {
      int port = Running.freePort();
      Path own = Files.createDirectories(directory.resolve(name.toLowerCase(Locale.ROOT)));
      List<String> command = configuration.write(own, way, port, upstream.port());
      Running daemon = Running.daemon(command, port, own.resolve("log"));
      return new Subject(name, daemon, upstream, way, false);
    }
  }
}
