package dev.headgate.examples.guide;

import static dev.headgate.examples.guide.Asking.plugin;
import static dev.headgate.examples.guide.Asking.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BodiesGuideTest {
  private static Proxy proxy(BodyEffect effect, Interceptor interceptor) {
    PluginMetadata metadata = PluginMetadata.builder("bodies").responseBody(effect).build();
    return Asking.proxy(plugin(metadata, context -> interceptor));
  }

  static final class Upper implements Interceptor {
    // tag::keeps-length[]
    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      ByteBuffer in = chunk.bytes();
      ByteBuffer upper = ByteBuffer.allocate(in.remaining());
      while (in.hasRemaining()) {
        byte b = in.get();
        upper.put(b >= 'a' && b <= 'z' ? (byte) (b - ('a' - 'A')) : b);
      }
      out.emit(upper.flip());
    }
    // end::keeps-length[]
  }

  @Test
  void replacesBytes() throws Exception {
    try (Proxy proxy = proxy(BodyEffect.KEEPS_LENGTH, new Upper())) {
      HttpResponse<String> response = post(proxy, "/", "Hello");
      assertEquals("HELLO", response.body());
      assertEquals("5", response.headers().firstValue("Content-Length").orElse("none"));
    }
  }

  static final class Signed implements Interceptor {
    // tag::changes-length[]
    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      out.pass(chunk); // no copy
      if (chunk.last()) out.emit(ByteBuffer.wrap("\n-- seen\n".getBytes(UTF_8)));
    }
    // end::changes-length[]
  }

  @Test
  void addsBytes() throws Exception {
    try (Proxy proxy = proxy(BodyEffect.CHANGES_LENGTH, new Signed())) {
      HttpResponse<String> response = post(proxy, "/", "hello");
      assertEquals("hello\n-- seen\n", response.body());
      assertTrue(response.headers().firstValue("Content-Length").isEmpty());
    }
  }

  static final class OneBehind implements Interceptor {
    // tag::retain[]
    private static final AttributeKey<BodyChunk> HELD = AttributeKey.named("one-behind.held");

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      BodyChunk held = ctx.attributes().get(HELD);
      if (held != null) out.pass(held);
      if (chunk.last()) {
        out.pass(chunk);
      } else {
        chunk.retain(); // needed beyond this call
        ctx.attributes().put(HELD, chunk);
        if (held != null) held.release();
      }
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
      releaseHeld(ctx);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
      releaseHeld(ctx);
    }

    private static void releaseHeld(ProxyContext ctx) {
      BodyChunk held = ctx.attributes().get(HELD);
      if (held != null) held.release();
    }
    // end::retain[]
  }

  @Test
  void holdsAChunkBack() throws Exception {
    try (Proxy proxy = proxy(BodyEffect.CHANGES_LENGTH, new OneBehind())) {
      String text = "0123456789".repeat(20_000);
      assertEquals(text, post(proxy, "/", text).body());
    }
  }
}
