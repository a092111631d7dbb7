package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Configurations of nginx and haproxy. Each keeps all its files in one directory. */
final class DaemonFiles {
  /** How large the file is that the upstream serves. */
  static final long FILE_BYTES = 100L << 20;

  private static final int TEN_KIB = 10 << 10;

  private static final String NGINX =
      """
      daemon off;
      worker_processes %1$s;
      worker_rlimit_nofile 16384;
      pid %2$s/nginx.pid;
      error_log %2$s/error.log;
      events { worker_connections 12000; }
      http {
        access_log off;
        client_body_temp_path %2$s/body;
        proxy_temp_path %2$s/proxy;
        fastcgi_temp_path %2$s/fastcgi;
        uwsgi_temp_path %2$s/uwsgi;
        scgi_temp_path %2$s/scgi;
        keepalive_requests 1000000000;
        keepalive_timeout 10m;
        sendfile on;
      %3$s}
      """;

  private static final String UPSTREAM =
      """
        server {
          listen 127.0.0.1:%1$d backlog=4096;
          root %2$s/files;
          open_file_cache max=16;
          location = /tiny { default_type text/plain; return 200 "hello, world\\n"; }
        }
      """;

  // Large bodies pass without a stop on the disk, and event streams event by event.
  private static final String PROXY =
      """
        upstream origin {
          server 127.0.0.1:%2$d;
          keepalive 256;
          keepalive_requests 1000000000;
        }
        server {
          listen 127.0.0.1:%1$d %3$s backlog=4096;
          %4$s
          client_max_body_size 0;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_request_buffering off;
          proxy_max_temp_file_size 0;
          proxy_read_timeout 10m;
          location / { proxy_pass http://origin; }
          location /stream/ { proxy_pass http://origin; proxy_buffering off; }
        }
      """;

  private static final String GRPC_UPSTREAM =
      """
        server {
          listen 127.0.0.1:%1$d http2 backlog=4096;
          http2_max_concurrent_streams 1000;
          location / {
            default_type application/grpc;
            add_trailer grpc-status 0;
            return 200 "12345";
          }
        }
      """;

  private static final String GRPC_PROXY =
      """
        upstream origin {
          server 127.0.0.1:%2$d;
          keepalive 64;
          keepalive_requests 1000000000;
        }
        server {
          listen 127.0.0.1:%1$d http2 backlog=4096;
          location / { grpc_pass grpc://origin; }
        }
      """;

  private static final String HAPROXY =
      """
      global
        maxconn 9000
      defaults
        mode http
        timeout connect 5s
        timeout client 10m
        timeout server 10m
        http-reuse always
        option http-no-delay
      frontend clients
        bind 127.0.0.1:%1$d %3$s backlog 4096
        default_backend origin
      backend origin
        server one 127.0.0.1:%2$d %4$s
      """;

  private DaemonFiles() {}

  /** Starts the upstream: tiny answers, 10 KiB, and a large file, by one worker. */
  static Running upstream(Path directory) throws IOException, InterruptedException {
    Path files = Files.createDirectories(directory.resolve("files"));
    Files.write(files.resolve("10k"), new byte[TEN_KIB]);
    try (RandomAccessFile large = new RandomAccessFile(files.resolve("large").toFile(), "rw")) {
      byte[] piece = new byte[1 << 20];
      for (long written = 0; written < FILE_BYTES; written += piece.length) large.write(piece);
    }
    int port = Running.freePort();
    List<String> command = nginx(directory, "1", UPSTREAM.formatted(port, directory));
    return Running.daemon(command, port, directory.resolve("log"));
  }

  /** Starts the upstream of gRPC: every call is answered with five bytes and a status. */
  static Running grpcUpstream(Path directory) throws IOException, InterruptedException {
    int port = Running.freePort();
    List<String> command = nginx(directory, "1", GRPC_UPSTREAM.formatted(port));
    return Running.daemon(command, port, directory.resolve("log"));
  }

  static List<String> nginxProxy(Path directory, Way way, int port, int upstream)
      throws IOException, InterruptedException {
    String servers =
        switch (way) {
          case GRPC -> GRPC_PROXY.formatted(port, upstream);
          case SECURE -> {
            Path pem = Certificate.in(directory);
            String files = "ssl_certificate %1$s; ssl_certificate_key %1$s;".formatted(pem);
            yield PROXY.formatted(port, upstream, "ssl http2", files);
          }
          default -> PROXY.formatted(port, upstream, "", "");
        };
    return nginx(directory, "auto", servers);
  }

  private static List<String> nginx(Path directory, String workers, String servers)
      throws IOException {
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, NGINX.formatted(workers, directory, servers));
    return List.of(
        Tools.get("nginx").toString(),
        "-p",
        directory.toString(),
        "-e",
        directory.resolve("error.log").toString(),
        "-c",
        file.toString());
  }

  static List<String> haproxy(Path directory, Way way, int port, int upstream)
      throws IOException, InterruptedException {
    Path file = directory.resolve("haproxy.cfg");
    String clients =
        switch (way) {
          case GRPC -> "proto h2";
          case SECURE -> "ssl crt " + Certificate.in(directory) + " alpn h2,http/1.1";
          default -> "";
        };
    String origin = way == Way.GRPC ? "proto h2" : "";
    Files.writeString(file, HAPROXY.formatted(port, upstream, clients, origin));
    return List.of(Tools.get("haproxy").toString(), "-db", "-f", file.toString());
  }
}
