package dev.headgate.jetty.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.compression.HuffmanEncoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value that makes its message malformed, and the table behind it. */
class FieldDecoderTest {
  private static final int GET = 0x82;
  private static final int ROOT = 0x84;
  private static final int HTTP = 0x86;
  private static final int STATUS_NAME = 8;

  /** Fields that were added last, first, and second. */
  private static final int NEWEST = 0x80 | 62;

  private final FieldDecoder decoder = new FieldDecoder(1 << 16);

  /** A block as a peer writes it (RFC 7541 section 6). */
  private static final class Block {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Block raw(int... bytes) {
      for (int next : bytes) out.write(next);
      return this;
    }

    Block added(String name, String value) {
      return raw(0x40).text(name).text(value);
    }

    Block text(String text) {
      out.write(text.length());
      out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      return this;
    }

    Block coded(String text) {
      ByteBuffer coded = ByteBuffer.allocate(100);
      HuffmanEncoder.encode(coded, text);
      coded.flip();
      out.write(0x80 | coded.remaining());
      while (coded.hasRemaining()) out.write(coded.get());
      return this;
    }

    ByteBuffer bytes() {
      return ByteBuffer.wrap(out.toByteArray());
    }
  }

  private static Block request() {
    return new Block().raw(GET, HTTP, ROOT);
  }

  private HpackException.StreamException malformed(Block block) {
    ByteBuffer bytes = block.bytes();
    HpackException.StreamException thrown =
        assertThrows(HpackException.StreamException.class, () -> decoder.decode(bytes));
    assertEquals(0, bytes.remaining());
    return thrown;
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@localhost", "a:b@localhost", "localhost:0", "localhost:65536", "[::"})
  void tableGoesOnBehindAnAuthorityThatIsNone(String authority) throws Exception {
    Block first = request().raw(0x41).text(authority).added("x-a", "1");
    assertTrue(malformed(first).isRequest());
    // Behind the new authority are the field, and the authority that is none.
    Block second = request().raw(0x41).text("localhost").raw(NEWEST + 1);
    MetaData.Request good = (MetaData.Request) decoder.decode(second.bytes());
    assertEquals("localhost", good.getHttpURI().getAuthority());
    assertEquals("1", good.getHttpFields().get("x-a"));
    assertTrue(malformed(request().raw(NEWEST + 2)).isRequest());
    assertEquals("1", fields(request().raw(NEWEST, NEWEST + 1)).getHttpFields().get("x-a"));
  }

  private MetaData fields(Block block) throws Exception {
    return decoder.decode(block.bytes());
  }

  @Test
  void tableGoesOnBehindWhatIsCoded() throws Exception {
    malformed(request().raw(0x40).coded(":authority").coded("a@b").added("x-a", "1"));
    malformed(request().raw(0x40).coded("content-length").coded("12x").added("x-b", "2"));
    MetaData good = fields(request().raw(NEWEST, NEWEST + 2));
    assertEquals("2", good.getHttpFields().get("x-b"));
    assertEquals("1", good.getHttpFields().get("x-a"));
  }

  @Test
  void whatIsNotAddedIsNot() throws Exception {
    fields(request().added("x-a", "1"));
    malformed(request().raw(0x01).text("a@b").raw(0x11).text("c@d"));
    malformed(request().raw(0x00).text("content-length").text("").raw(0x80 | 28));
    assertEquals("1", fields(request().raw(NEWEST)).getHttpFields().get("x-a"));
  }

  @Test
  void severalFaultsAreOne() throws Exception {
    malformed(request().raw(0x41).text("a@b").added("content-length", "x").added("x-a", "1"));
    assertEquals("1", fields(request().raw(NEWEST)).getHttpFields().get("x-a"));
  }

  /** One byte for each is enough, so that they cost far more than they weigh. */
  @Test
  void tooManyFaultsEndTheConnection() {
    malformed(request().raw(0x41).text("a@b"));
    Block few = request();
    for (int i = 0; i < 16; i++) few.raw(NEWEST);
    malformed(few);
    ByteBuffer many = few.raw(NEWEST).bytes();
    assertThrows(HpackException.SessionException.class, () -> decoder.decode(many));
  }

  @Test
  void statusThatIsNoNumber() throws Exception {
    HpackException.StreamException thrown =
        malformed(new Block().raw(0x40 | STATUS_NAME).text("2x0").added("x-a", "1"));
    assertTrue(!thrown.isRequest());
    MetaData.Response good = (MetaData.Response) fields(new Block().raw(0x88, NEWEST));
    assertEquals(200, good.getStatus());
    assertEquals("1", good.getHttpFields().get("x-a"));
  }

  @Test
  void brokenBlockEndsTheConnection() {
    ByteBuffer unknown = request().raw(0x80 | 100).bytes();
    assertThrows(HpackException.SessionException.class, () -> decoder.decode(unknown));
    FieldDecoder other = new FieldDecoder(1 << 16);
    ByteBuffer cut = request().raw(0x41).text("a@b").raw(0x41, 100).bytes();
    assertThrows(HpackException.SessionException.class, () -> other.decode(cut));
  }
}
