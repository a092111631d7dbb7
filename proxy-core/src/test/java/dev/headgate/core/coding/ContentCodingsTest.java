package dev.headgate.core.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.BodySource;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentCodingsTest {
  private final ContentCodings codings = ContentCodings.builtIn();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | 0",
        "'' | 0",
        "identity | 0",
        "gzip | 1",
        "X-GZIP | 1",
        " deflate , GZip | 2",
        "gzip,, identity | 1",
        "br | -1",
        "gzip, br | -1",
        "gzip, gzip, gzip, gzip | 4",
        "gzip, gzip, gzip, gzip, gzip | -1",
        "gz ip | -1",
      })
  void findsTheCodingsOfAField(String field, int expected) {
    assertEquals(expected, codings.find(field).map(chain -> chain.codings().size()).orElse(-1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | gzip | true",
        "- | identity | true",
        "'' | gzip | false",
        "'' | identity | true",
        "gzip | gzip | true",
        "GZIP | gzip | true",
        "x-gzip | gzip | true",
        "gzip | x-gzip | true",
        "gzip | br | false",
        "br;q=0.5, gzip ; q=1.000 | gzip | true",
        "gzip;q=0 | gzip | false",
        "gzip;q=0.000 | gzip | false",
        "gzip;q=0.001 | gzip | true",
        "gzip;Q=0.5 | gzip | true",
        "gzip;q=1.1 | gzip | false",
        "gzip;q=0.0001 | gzip | false",
        "gzip;q=x | gzip | false",
        "gzip; | gzip | false",
        "* | zstd | true",
        "*;q=0 | zstd | false",
        "*;q=0 | identity | false",
        "*;q=0, identity;q=0.1 | identity | true",
        "identity;q=0 | '' | false",
        "gzip;q=0, * | gzip | false",
        "*, gzip;q=0 | gzip | false",
        "*;q=0, gzip | gzip | true",
        "gzip, br | br, gzip | true",
        "gzip | br, gzip | false",
      })
  void knowsWhatAClientAccepts(String accept, String coding, boolean expected) {
    assertEquals(expected, codings.acceptable(accept, coding));
  }

  @Test
  void decodesTheLastCodingFirst() {
    byte[] plain = "the body".repeat(1_000).getBytes(UTF_8);
    CodingChain chain = codings.find("deflate, gzip").orElseThrow();
    byte[] encoded = Reading.all(chain.encode(ScriptedSource.of(plain))).bytes();
    assertEquals((byte) 0x1f, encoded[0]);
    Reading reading = Reading.all(chain.decode(ScriptedSource.of(encoded), DecodingLimits.NONE));
    assertNull(reading.failure());
    assertArrayEquals(plain, reading.bytes());
  }

  @Test
  void identityLeavesTheBodyAlone() {
    CodingChain chain = codings.find("identity").orElseThrow();
    BodySource body = new ScriptedSource();
    assertTrue(chain.isIdentity());
    assertSame(body, chain.decode(body, DecodingLimits.NONE));
    assertSame(body, chain.encode(body));
  }

  @Test
  void leavesOutWhatIsNotAvailable() {
    Iterator<ContentCoding> services =
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < 3;
          }

          @Override
          public ContentCoding next() {
            return switch (next++) {
              case 0 -> throw new ServiceConfigurationError("no such class");
              case 1 -> new Named("gone", new UnsatisfiedLinkError("no library"));
              default -> new Named("here", null);
            };
          }
        };
    ContentCodings loaded = CodingLoader.load(() -> services);
    assertEquals(Set.of("gzip", "x-gzip", "deflate", "here"), loaded.names());
  }

  @Test
  void aCodingWithoutEncoderFailsWhenItShallEncode() {
    CodingChain chain = new CodingChain(List.of(new Named("here", null)));
    Reading reading = Reading.all(chain.encode(ScriptedSource.of(new byte[3])));
    assertEquals(CodingException.Reason.INTERNAL, ((CodingException) reading.failure()).reason());
  }

  @Test
  void aCodecThatThrowsFailsTheBody() {
    CodingChain chain = new CodingChain(List.of(new Named("here", null)));
    Reading reading =
        Reading.all(chain.decode(ScriptedSource.of(new byte[3]), DecodingLimits.NONE));
    CodingException failure = (CodingException) reading.failure();
    assertEquals(CodingException.Reason.INTERNAL, failure.reason());
    assertTrue(failure.getCause() instanceof UnsupportedOperationException);
  }

  @Test
  void installedHoldsTheBuiltInOnes() {
    assertTrue(ContentCodings.installed().names().containsAll(Set.of("gzip", "deflate")));
    assertSame(ContentCodings.installed(), ContentCodings.installed());
  }

  @Test
  void limitsMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> DecodingLimits.maxBytes(0));
    assertThrows(IllegalArgumentException.class, () -> new DecodingLimits(1, 0));
  }

  private record Named(String name, Throwable unavailable) implements ContentCoding {
    @Override
    public Decoder newDecoder() {
      throw new UnsupportedOperationException("for the test");
    }

    @Override
    public Encoder newEncoder() {
      return null;
    }
  }
}
