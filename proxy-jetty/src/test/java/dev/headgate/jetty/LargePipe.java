package dev.headgate.jetty;

import dev.headgate.Proxy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Pipes a body of so many MiB through a proxy with three plugins, and says how fast. */
final class LargePipe {
  private static final int BLOCK = 1 << 20;
  private static final int MOST = 64 << 10;
  private static final String UPLOAD = "up";

  private LargePipe() {}

  /** Counts bytes, passes chunks on, or copies them. */
  private record Plugin(String id, BodyEffect effect, AtomicLong seen) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(id).requestBody(effect).responseBody(effect).build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {
        @Override
        public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
          take(chunk, out);
        }

        @Override
        public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
          take(chunk, out);
        }

        private void take(BodyChunk chunk, ChunkSink out) {
          // Nobody is asked to look at more at once, however large the reads of the backend are.
          if (chunk.size() > MOST) throw new IllegalStateException(chunk.size() + " at once");
          seen.addAndGet(chunk.size());
          if (effect == BodyEffect.KEEPS_LENGTH) {
            out.pass(chunk);
          } else if (effect == BodyEffect.CHANGES_LENGTH && chunk.size() > 0) {
            out.emit(ByteBuffer.allocate(chunk.size()).put(chunk.bytes()).flip());
          }
        }
      };
    }
  }

  /** Takes the size in MiB, and {@code up} for a request's body in place of a response's. */
  public static void main(String[] args) throws Exception {
    long bytes = Long.parseLong(args[0]) << 20;
    boolean upload = args.length > 1 && args[1].equals(UPLOAD);
    AtomicLong seen = new AtomicLong();
    try (ScriptedOrigin origin = new ScriptedOrigin()) {
      origin.serve(
          wire -> {
            wire.readHead();
            if (upload) {
              long received = readChunks(wire);
              String body = Long.toString(received);
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            } else {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
              send(wire, bytes);
            }
            wire.awaitEnd();
          });
      try (Proxy proxy =
              Proxy.builder()
                  .route("/**", origin.uri())
                  .plugin(new Plugin("observes", BodyEffect.OBSERVES, seen))
                  .plugin(new Plugin("passes", BodyEffect.KEEPS_LENGTH, seen))
                  .plugin(new Plugin("copies", BodyEffect.CHANGES_LENGTH, seen))
                  .start();
          Wire client = Wire.connect(proxy.port())) {
        long start = System.nanoTime();
        long arrived = upload ? upload(client, bytes) : download(client);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (arrived != bytes) throw new IllegalStateException("ended after " + arrived);
        // The answer to an upload is a body of its own, of a few bytes.
        long small = upload ? 3L * Long.toString(bytes).length() : 0;
        if (seen.get() != 3 * bytes + small) throw new IllegalStateException("plugins saw " + seen);
        System.out.printf(
            "piped %s MiB %s in %.1f s: %.0f MiB/s%n",
            args[0], upload ? "up" : "down", seconds, (bytes >> 20) / seconds);
      }
    }
    System.exit(0);
  }

  private static long download(Wire client) {
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.readHead();
    return readChunks(client);
  }

  private static long upload(Wire client, long bytes) {
    client.send("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + bytes + "\r\n\r\n");
    send(client, bytes);
    return Long.parseLong(client.readBody(client.readHead()));
  }

  private static void send(Wire wire, long bytes) {
    byte[] block = new byte[BLOCK];
    for (long sent = 0; sent < bytes; sent += BLOCK) wire.send(block);
  }

  /** Reads to the last chunk. */
  private static long readChunks(Wire wire) {
    long read = 0;
    while (true) {
      int size = Integer.parseInt(wire.readLine(), 16);
      wire.skip(size + 2);
      if (size == 0) return read;
      read += size;
    }
  }
}
