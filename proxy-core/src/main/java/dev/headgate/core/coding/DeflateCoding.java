package dev.headgate.core.coding;

/** deflate (RFC 1950; raw RFC 1951 is understood too), by the JDK. */
final class DeflateCoding implements ContentCoding {
  static final String NAME = "deflate";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Decoder newDecoder() {
    return new DeflateDecoder();
  }

  @Override
  public Encoder newEncoder() {
    return new Deflating(false);
  }
}
