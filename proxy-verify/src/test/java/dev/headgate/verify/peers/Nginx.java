package dev.headgate.verify.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx with one server on a free port of the loopback interface. */
final class Nginx implements AutoCloseable {
  private static final int TRIES = 10;

  private final Peer process;
  private final int port;

  private Nginx(Peer process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Misses it where it is not installed. */
  static void needed() {
    Tools.version("nginx", "-v");
  }

  /**
   * Starts it, and returns when it serves.
   *
   * @param directory for its files
   * @param server what stands in the server block, besides {@code listen}
   * @param beside what stands beside the server block
   */
  static Nginx start(Path directory, String server, String beside) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      int port = freePort();
      Path file = directory.resolve("nginx-" + port + ".conf");
      Files.writeString(file, configuration(directory, port, server, beside));
      Peer process = new Peer(List.of("nginx", "-p", directory.toString(), "-c", file.toString()));
      if (serves(process)) return new Nginx(process, port);
      process.close(); // somebody else took the port
    }
    throw new AssertionError("nginx found no free port");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String configuration(Path directory, int port, String server, String beside) {
    boolean root = System.getProperty("user.name").equals("root");
    return """
           daemon off;
           master_process off;
           worker_processes 1;
           pid nginx-%2$d.pid;
           error_log /dev/stdout notice;
           %3$s
           events { worker_connections 256; }
           http {
             access_log off;
             client_body_temp_path body;
             proxy_temp_path proxy;
             fastcgi_temp_path fastcgi;
             uwsgi_temp_path uwsgi;
             scgi_temp_path scgi;
             client_max_body_size 0;
             default_type text/plain;
             root %1$s;
             %5$s
             server {
               listen 127.0.0.1:%2$d;
               %4$s
             }
           }
           """
        .formatted(directory, port, root ? "user root;" : "", server, beside);
  }

  /** It binds before it writes which method it uses for events. */
  private static boolean serves(Peer process) throws InterruptedException {
    while (true) {
      String line;
      try {
        line = process.line();
      } catch (AssertionError ended) {
        return false;
      }
      if (line.contains("[emerg]")) return false;
      if (line.contains("getrlimit") || line.contains("OS:")) return true;
    }
  }

  int port() {
    return port;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
