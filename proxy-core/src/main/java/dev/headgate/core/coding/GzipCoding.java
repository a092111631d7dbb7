package dev.headgate.core.coding;

import java.util.List;

/** gzip (RFC 1952), by the JDK. */
final class GzipCoding implements ContentCoding {
  static final String NAME = "gzip";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> aliases() {
    return List.of("x-gzip");
  }

  @Override
  public Decoder newDecoder() {
    return new GzipDecoder();
  }

  @Override
  public Encoder newEncoder() {
    return new GzipEncoder();
  }
}
