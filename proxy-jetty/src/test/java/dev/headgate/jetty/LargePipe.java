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

/** Pipes a response of so many MiB through a proxy with three plugins, and says how fast. */
final class LargePipe {
  private static final int BLOCK = 1 << 20;

  private LargePipe() {}

  /** Counts bytes, passes chunks on, or copies them. */
  private record Plugin(String id, BodyEffect effect, AtomicLong seen) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(id).responseBody(effect).build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {
        @Override
        public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
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

  public static void main(String[] args) throws Exception {
    long bytes = Long.parseLong(args[0]) << 20;
    AtomicLong seen = new AtomicLong();
    try (ScriptedOrigin origin = new ScriptedOrigin()) {
      origin.serve(
          wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
            byte[] block = new byte[BLOCK];
            for (long sent = 0; sent < bytes; sent += BLOCK) wire.send(block);
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
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.readHead();
        long read = 0;
        while (read < bytes) {
          int size = Integer.parseInt(client.readLine(), 16);
          if (size == 0) throw new IllegalStateException("ended after " + read);
          client.skip(size + 2);
          read += size;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (seen.get() != 3 * bytes) throw new IllegalStateException("plugins saw " + seen);
        System.out.printf(
            "piped %s MiB in %.1f s: %.0f MiB/s%n", args[0], seconds, (bytes >> 20) / seconds);
      }
    }
    System.exit(0);
  }
}
